package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Stands for the hygiene agent in Open Liberty's process. */
final class FakeHygiene implements AutoCloseable {
    final List<ControlMessage> requests = new CopyOnWriteArrayList<>();
    final List<String> bodies = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel server;
    private final Thread thread;
    private volatile Function<ControlMessage, ControlMessage> answers = request -> ControlMessage.of(ControlMessage.OK);

    FakeHygiene(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        thread = new Thread(this::serve, "fake-hygiene");
        thread.setDaemon(true);
        thread.start();
    }

    void answers(Function<ControlMessage, ControlMessage> function) {
        answers = function;
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
                InputStream in = Channels.newInputStream(channel);
                ControlMessage request = ControlMessage.readFrom(in);
                bodies.add(new String(request.body(in).readAllBytes(), StandardCharsets.UTF_8));
                requests.add(request);
                answers.apply(request).writeTo(Channels.newOutputStream(channel));
            } catch (IOException | RuntimeException gone) {
                // The next one is served, or the test is over.
                continue;
            }
        }
    }

    /** Whoever connects while a thread still waits for it is served once more, so the thread's end is waited for. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            thread.join(Duration.ofSeconds(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
