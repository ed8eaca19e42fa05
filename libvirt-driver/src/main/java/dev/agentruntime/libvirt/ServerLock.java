package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Path;

/** Keeps a second server from using the same server id, and so from reclaiming the first one's VMs. */
final class ServerLock implements AutoCloseable {

    private final KeyLock lock;

    private ServerLock(KeyLock lock) {
        this.lock = lock;
    }

    /** @throws IllegalArgumentException another server holds the id */
    static ServerLock take(Directories directories) throws IOException {
        Path file = directories.run().resolve("server.lock");
        return new ServerLock(KeyLock.tryExclusive(file).orElseThrow(() -> new IllegalArgumentException(
                "the server id " + directories.serverId() + " is in use on the state directory " + directories.state()
                        + ": does this very server run twice? If not, set another stateDirectory")));
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            DriverMessage.CLEANUP_FAILED.log(e, "the server's lock", e.getMessage());
        }
    }
}
