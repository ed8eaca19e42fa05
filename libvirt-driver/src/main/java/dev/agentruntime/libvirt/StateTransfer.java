package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Moves a paused VM's state (all but its RAM) out of QEMU into a file and back, over a UNIX socket. */
final class StateTransfer {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Set<StandardOpenOption> WRITE_ANEW =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    /** Devices and processors hold pieces of what the guest was about. */
    private static final FileAttribute<?> OWNERS_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Monitor monitor;
    private final String vm;
    private final Path socket;
    private final Duration limit;

    StateTransfer(Monitor monitor, String vm, Path socket) {
        this(monitor, vm, socket, LIMIT);
    }

    /** @param limit how long QEMU may take to give or take the state */
    StateTransfer(Monitor monitor, String vm, Path socket, Duration limit) {
        this.limit = limit;
        this.monitor = monitor;
        this.vm = vm;
        this.socket = socket;
    }

    /** Writes the state into {@code file}. The VM must be suspended. QEMU connects to us, so the socket has to be its user's. */
    void save(Path file, Optional<QemuUser> user, Executor executor) {
        try (FileChannel to = FileChannel.open(file, WRITE_ANEW, OWNERS_ONLY);
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
            received.get(limit.toMillis(), TimeUnit.MILLISECONDS);
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

    /** Loads the state from {@code file} into a VM that waits for it. */
    void load(Path file) {
        try {
            load(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new VmException("The state " + file + " could not be read for the VM " + vm + ": " + e.getMessage(), e);
        }
    }

    /** Loads a state into a VM that waits for it. QEMU closes its end when it has loaded everything. */
    void load(byte[] state) {
        try {
            monitor.leaveOutSharedRam(true);
            monitor.loadFrom(socket);
            try (SocketChannel to = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                send(ByteBuffer.wrap(state), to);
                to.shutdownOutput();
            }
            monitor.awaitMigration();
            monitor.leaveOutSharedRam(false);
        } catch (IOException e) {
            throw new VmException("The state could not be loaded into the VM " + vm + ": " + e.getMessage(), e);
        } finally {
            delete();
        }
    }

    /** A QEMU that stands still takes what its socket holds, and no more. */
    private void send(ByteBuffer state, SocketChannel to) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        to.configureBlocking(false);
        to.write(state);
        if (!state.hasRemaining()) {
            return;
        }
        try (Selector selector = Selector.open()) {
            to.register(selector, SelectionKey.OP_WRITE);
            while (state.hasRemaining()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new HypervisorAwayException("QEMU of the VM " + vm + " does not take its state within " + limit.toMillis()
                            + " ms: is the host overloaded, or the process stopped?");
                }
                selector.select(left);
                selector.selectedKeys().clear();
                to.write(state);
            }
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
