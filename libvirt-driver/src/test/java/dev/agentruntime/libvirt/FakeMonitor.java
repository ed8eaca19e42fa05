package dev.agentruntime.libvirt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** QEMU's monitor at a socket: one client after the other, each command answered by a function. */
final class FakeMonitor implements AutoCloseable {

    private final ServerSocketChannel server;
    private final BiFunction<String, Map<?, ?>, Optional<String>> commands;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    /** @param commands what a command with its arguments is refused for, or what it returns as JSON; the first letter tells */
    FakeMonitor(Path socket, BiFunction<String, Map<?, ?>, Optional<String>> commands) {
        this.commands = commands;
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        DaemonThreads.named("fake-monitor").newThread(this::serve).start();
    }

    /** The commands it was told, without the capabilities that begin each conversation. */
    List<String> told() {
        return told;
    }

    /** From now on nobody is answered, as when the process is stopped. */
    void stop() {
        stopped = true;
    }

    private void serve() {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    converse(client);
                }
            }
        } catch (IOException | IllegalStateException e) {
            // The VM has ended.
        }
    }

    private void converse(SocketChannel client) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8));
        OutputStream out = Channels.newOutputStream(client);
        say(out, "{\"QMP\": {}}");
        for (Optional<String> line = next(in); line.isPresent(); line = next(in)) {
            Map<?, ?> request = Json.readObject(line.get());
            String command = request.get("execute").toString();
            if (command.equals("qmp_capabilities")) {
                say(out, "{\"return\": {}}");
                continue;
            }
            told.add(command);
            String result = commands.apply(command, request.get("arguments") instanceof Map<?, ?> given ? given : Map.of()).orElse("{}");
            say(out, result.startsWith("{") ? "{\"return\": " + result + "}" : "{\"error\": {\"desc\": \"" + result + "\"}}");
        }
    }

    private static Optional<String> next(BufferedReader in) throws IOException {
        return Optional.ofNullable(in.readLine());
    }

    private void say(OutputStream out, String line) throws IOException {
        if (!stopped) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
