package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * QEMU's monitor of one VM, by a socket of its own: libvirtd has no part in it, so a VM is paused and goes on while
 * libvirtd is away. libvirtd sees what is done here by QEMU's events. Each command has a connection of its own.
 * Thread-safe; blocks up to the limit.
 */
final class MonitorSocket {

    /** QEMU answers in about a millisecond; a busy host may take its time. */
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(5);
    private static final int LONGEST_LINE = 64 * 1024;

    private final Path socket;
    private final String vm;
    private final Duration limit;

    MonitorSocket(Path socket, String vm) {
        this(socket, vm, LIMIT);
    }

    MonitorSocket(Path socket, String vm, Duration limit) {
        this.socket = socket;
        this.vm = vm;
        this.limit = limit;
    }

    /**
     * Has QEMU do something, and returns what it returned.
     *
     * @throws HypervisorAwayException QEMU does not answer within the limit; it may have done it or not
     * @throws VmException             QEMU refused, or its process is gone
     */
    Map<?, ?> execute(String command, Map<String, Object> arguments) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (SocketChannel channel = connected(command, deadline); Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            Conversation conversation = new Conversation(channel, selector, command, deadline);
            conversation.line(); // the greeting
            conversation.ask("qmp_capabilities", Map.of());
            return conversation.ask(command, arguments);
        } catch (IOException e) {
            throw new VmException("QEMU of the VM " + vm + " cannot be told " + command + ": " + e.getMessage(), e);
        }
    }

    /** A stopped QEMU takes no more connections than its queue holds; one that is busy takes them a moment later. */
    private SocketChannel connected(String command, long deadline) throws IOException {
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false);
                if (channel.connect(UnixDomainSocketAddress.of(socket))) {
                    return channel;
                }
                channel.close();
            } catch (ConnectException gone) {
                channel.close();
                throw gone;
            } catch (SocketException full) { // Java has no exception of its own for a full queue
                channel.close();
                if (!Files.exists(socket)) {
                    throw full;
                }
            }
            if (System.nanoTime() - deadline >= 0) {
                throw away(command);
            }
            Await.pause(RETRY);
        }
    }

    private HypervisorAwayException away(String command) {
        return new HypervisorAwayException("QEMU of the VM " + vm + " does not answer '" + command + "' within " + limit.toMillis()
                + " ms: is the host overloaded, or the process stopped?");
    }

    /** One connection. */
    private final class Conversation {

        private final SocketChannel channel;
        private final Selector selector;
        private final String command;
        private final long deadline;
        private final ByteBuffer arrived = ByteBuffer.allocate(4096).flip();

        Conversation(SocketChannel channel, Selector selector, String command, long deadline) {
            this.channel = channel;
            this.selector = selector;
            this.command = command;
            this.deadline = deadline;
        }

        Map<?, ?> ask(String command, Map<String, Object> arguments) throws IOException {
            Map<String, Object> request = arguments.isEmpty()
                    ? Map.of("execute", command) : Map.of("execute", command, "arguments", arguments);
            ByteBuffer bytes = ByteBuffer.wrap((Json.write(request) + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes); // far less than what a socket takes at once
            }
            while (true) {
                Map<?, ?> answer = line();
                if (answer.get("error") instanceof Map<?, ?> error) {
                    throw new VmException("QEMU of the VM " + vm + " refused " + command + ": " + error.get("desc"));
                }
                if (answer.containsKey("return")) {
                    return answer.get("return") instanceof Map<?, ?> result ? result : Map.of();
                }
            }
        }

        Map<?, ?> line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (line.size() <= LONGEST_LINE) {
                while (arrived.hasRemaining()) {
                    byte next = arrived.get();
                    if (next == '\n') {
                        return parsed(line.toString(StandardCharsets.UTF_8));
                    }
                    line.write(next);
                }
                fill();
            }
            throw new IOException("it sends a line of more than " + LONGEST_LINE + " bytes");
        }

        private Map<?, ?> parsed(String line) throws IOException {
            try {
                return Json.readObject(line);
            } catch (IllegalArgumentException e) {
                throw new IOException("it does not speak QMP: " + e.getMessage(), e);
            }
        }

        /** What is left, in milliseconds. It ends also for a QEMU that talks without end. */
        private long requireTime() {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw away(command);
            }
            return left;
        }

        private void fill() throws IOException {
            arrived.clear();
            requireTime();
            int count = channel.read(arrived);
            while (count == 0) {
                selector.select(requireTime());
                selector.selectedKeys().clear();
                count = channel.read(arrived);
            }
            arrived.flip();
            if (count < 0) {
                throw new IOException("it closed the connection");
            }
        }
    }
}
