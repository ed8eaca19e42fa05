package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Moves a paused VM's state (all but its RAM) out of QEMU into a file and back, over a UNIX socket. */
final class StateTransfer {

    private static final long LIMIT_SECONDS = 60;

    private final Monitor monitor;
    private final String vm;
    private final Path socket;

    StateTransfer(Monitor monitor, String vm, Path socket) {
        this.monitor = monitor;
        this.vm = vm;
        this.socket = socket;
    }

    /** Writes the state into {@code file}. The VM must be suspended. QEMU connects to us, so the socket has to be its user's. */
    void save(Path file, Optional<QemuUser> user, Executor executor) {
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            Files.deleteIfExists(socket);
            server.bind(UnixDomainSocketAddress.of(socket), 1);
            if (user.isPresent()) {
                user.get().own(socket);
            }
            CompletableFuture<Void> received = CompletableFuture.runAsync(() -> receive(server, to), executor);
            monitor.leaveOutSharedRam(true);
            monitor.saveTo(socket);
            monitor.awaitMigration();
            received.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new VmException("The state of the VM " + vm + " could not be written to " + file + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("Interrupted while saving the state of the VM " + vm, e);
        } finally {
            delete();
        }
    }

    private void receive(ServerSocketChannel server, FileChannel to) {
        try (SocketChannel from = server.accept()) {
            Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
        } catch (IOException e) {
            throw new VmException("QEMU broke off while the state of the VM " + vm + " was saved: " + e.getMessage(), e);
        }
    }

    /** Loads the state from {@code file} into a VM that waits for it. QEMU closes its end when it has loaded everything. */
    void load(Path file) {
        try {
            monitor.leaveOutSharedRam(true);
            monitor.loadFrom(socket);
            try (SocketChannel to = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                ByteBuffer state = ByteBuffer.wrap(Files.readAllBytes(file));
                while (state.hasRemaining()) {
                    to.write(state);
                }
                to.shutdownOutput();
            }
            monitor.awaitMigration();
            monitor.leaveOutSharedRam(false);
        } catch (IOException e) {
            throw new VmException("The state " + file + " could not be loaded into the VM " + vm + ": " + e.getMessage(), e);
        } finally {
            delete();
        }
    }

    private void delete() {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            DriverMessage.CLEANUP_FAILED.log(e, vm, socket + " (" + e.getMessage() + ")");
        }
    }
}
