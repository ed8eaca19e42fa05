package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.channel.ControlReply;
import dev.agentruntime.channel.GuestLink;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The guest of a {@link FakeDomain}: a supervisor that confirms everything, and an agent that answers every request. */
final class FakeGuest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path socket;
    private final Path wayOutSocket;
    private final Behaviour behaviour;
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("fake-guest"));
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> serverEnd = new CompletableFuture<>();
    private boolean started;
    private final List<ControlMessage> messages = new CopyOnWriteArrayList<>();
    private volatile ControlMessage begun = ControlMessage.of("none");
    private volatile String environment = "";
    private volatile GuestLink link;
    private volatile Optional<GuestLink> wayOut = Optional.empty();
    private volatile Optional<SocketChannel> secondPort = Optional.empty();
    private volatile boolean deaf;

    FakeGuest(Path socket, Path wayOutSocket, Behaviour behaviour) {
        this.socket = socket;
        this.wayOutSocket = wayOutSocket;
        this.behaviour = behaviour;
    }

    /** What the guests of one libvirtd answer unless they are told otherwise. */
    static final class Behaviour {
        private final Map<String, ControlReply> replies = new ConcurrentHashMap<>();
        private final Map<String, CompletableFuture<Void>> held = new ConcurrentHashMap<>();
        private volatile String agentAnswer = answer(200);
        private volatile boolean silent;
        private volatile boolean withoutLogs;
        private volatile String log = "0 0 O rehearsal: a line\n1 0 O rehearsal: the last line\n";

        /** Guests that start from now on answer nothing, not even the hello. */
        void silent() {
            silent = true;
        }

        /** From now on guests refuse to send their logs. */
        void withoutLogs() {
            withoutLogs = true;
        }

        /** What guests have in their logs from now on. */
        void log(String lines) {
            log = lines;
        }

        /** The answer to a verb from now on. */
        void reply(String verb, ControlMessage head, String body) {
            replies.put(verb, new ControlReply(head, body.getBytes(StandardCharsets.UTF_8)));
        }

        void confirm(String verb) {
            replies.remove(verb);
        }

        /** From now on a verb is not answered before {@code until} is complete. */
        void hold(String verb, CompletableFuture<Void> until) {
            held.put(verb, until);
        }

        /** What the agent answers to every request from now on, byte for byte. */
        void agent(String answer) {
            agentAnswer = answer;
        }

        /** An agent's answer that offers warming up. */
        static String answer(int status) {
            String body = "{\"status\":\"Healthy\"}";
            return "HTTP/1.1 " + status + " As Told\r\nX-Agent-Runtime-Warm-Up-Offered: 1\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        }
    }

    /** The verbs it was asked, in order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** What it was asked on its control stream, in order. */
    List<ControlMessage> messages() {
        return List.copyOf(messages);
    }

    /** Its server's process ends. */
    void endServer(String reason) {
        serverEnd.complete(reason);
    }

    /** Opens a stream on the first link. */
    MuxStream open(String target) throws IOException {
        return link.open(target);
    }

    /** Asks for the second link, as long as it takes; fails when the host refuses it. */
    void askForWayOut() throws IOException {
        try (MuxStream stream = open(Targets.WAY_OUT)) {
            stream.shutdownOutput();
            stream.input(PATIENCE).transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Opens a stream to the outside, as a supervisor does it. */
    MuxStream openOut(String target) throws IOException {
        try {
            return wayOut.orElseThrow(() -> new IOException("not asked for yet")).open(target);
        } catch (IOException none) {
            askForWayOut();
            // The host may be served before this field is set.
            await().until(this::hasWayOut);
            return wayOut.orElseThrow().open(target);
        }
    }

    /** Whether a host has connected to the second port. */
    boolean hasWayOut() {
        return wayOut.isPresent();
    }

    /** Whether a host was seen at its second port, served or not. */
    boolean isCalled() {
        return secondPort.isPresent();
    }

    /** The second link breaks in the guest, and its host hears nothing of it. */
    void loseWayOut() {
        wayOut = Optional.empty();
    }

    /** Sends on its second port what no guest may send. */
    void breakWayOut() throws IOException {
        secondPort.orElseThrow().write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}));
    }

    /** From now on its second port says nothing. */
    void deafen() {
        deaf = true;
    }

    /** What it was given when its session began. */
    ControlMessage begun() {
        return begun;
    }

    /** The environment it was given, as it came. */
    String environment() {
        return environment;
    }

    synchronized void start() {
        if (started) {
            return;
        }
        started = true;
        try {
            ServerSocketChannel server = listen(socket);
            threads.execute(() -> serve(server));
            ServerSocketChannel second = listen(wayOutSocket);
            threads.execute(() -> serveWayOut(second));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSocketChannel listen(Path path) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        open.add(server);
        return server;
    }

    private void serveWayOut(ServerSocketChannel server) {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                open.add(channel);
                secondPort = Optional.of(channel);
                if (!deaf) {
                    wayOut = Optional.of(GuestLink.wayOut(channel, channel, threads));
                }
            }
        } catch (IOException e) {
            // The guest has ended.
        }
    }

    private void serve(ServerSocketChannel server) {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                open.add(channel);
                if (!behaviour.silent) {
                    link = GuestLink.serve(channel, channel, threads, this::accept);
                }
            }
        } catch (IOException e) {
            // The guest has ended.
        }
    }

    private void accept(MuxStream stream, String target) throws IOException {
        if (target.equals("control")) {
            control(stream);
        } else if (target.equals("agent")) {
            agent(stream);
        } else if (target.equals(Targets.LOGS) && !behaviour.withoutLogs) {
            logs(stream);
        } else {
            throw new IOException("no such target: " + target);
        }
    }

    private void logs(MuxStream stream) throws IOException {
        try (stream) {
            for (int c = stream.input().read(); c != '\n'; c = stream.input().read()) {
                assertThat(c).as("the number of a line").isBetween((int) '0', (int) '9');
            }
            asked.add("logs");
            stream.output().write(("from 0\n" + behaviour.log).getBytes(StandardCharsets.US_ASCII));
            stream.input().transferTo(OutputStream.nullOutputStream());
        }
    }

    private void control(MuxStream stream) throws IOException {
        InputStream in = stream.input();
        ControlMessage request = ControlMessage.readFrom(in);
        asked.add(request.verb());
        messages.add(request);
        String body = new String(request.body(in).readAllBytes(), StandardCharsets.UTF_8);
        if (request.verb().equals("begin")) {
            begun = request;
            environment = body;
        }
        if (request.verb().equals("watch")) {
            serverEnd.thenAccept(reason -> answerEnd(stream, reason));
        } else {
            Optional.ofNullable(behaviour.held.get(request.verb())).ifPresent(CompletableFuture::join);
            answer(stream, behaviour.replies.getOrDefault(request.verb(), usual(request)));
        }
    }

    private static ControlReply usual(ControlMessage request) {
        return switch (request.verb()) {
            case "begin", "clock" -> reply(ControlMessage.of("ok").with("epochMillis", System.currentTimeMillis() + ""), "");
            case "ping" -> reply(ControlMessage.of("ok").with("status", "200"), "{\"status\":\"Healthy\"}");
            case "log" -> reply(ControlMessage.of("ok"), "first line\nlast line");
            default -> reply(ControlMessage.of("ok"), "");
        };
    }

    private static ControlReply reply(ControlMessage head, String body) {
        return new ControlReply(head, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void answerEnd(MuxStream stream, String reason) {
        try {
            answer(stream, reply(ControlMessage.of("ok").with("reason", reason), "the server's last line"));
        } catch (IOException e) {
            stream.close();
        }
    }

    private static void answer(MuxStream stream, ControlReply reply) throws IOException {
        try (stream) {
            reply.writeTo(stream.output());
            stream.shutdownOutput();
            stream.input().transferTo(OutputStream.nullOutputStream());
        }
    }

    /** One answer after the other, until the host ends its side or wants no more. */
    private void agent(MuxStream stream) throws IOException {
        try (stream) {
            InputStream in = stream.input();
            String head = head(in);
            while (!head.isEmpty()) {
                asked.add(head.lines().findFirst().orElse(""));
                in.skipNBytes(head.lines().filter(line -> line.startsWith("content-length: ")).mapToLong(line -> Long.parseLong(line.substring(16))).sum());
                stream.output().write(behaviour.agentAnswer.getBytes(StandardCharsets.ISO_8859_1));
                if (head.contains("connection: close")) {
                    stream.shutdownOutput();
                    in.transferTo(OutputStream.nullOutputStream());
                    return;
                }
                head = head(in);
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString().toLowerCase(java.util.Locale.ROOT);
    }

    void end() {
        for (AutoCloseable part : open) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        threads.shutdownNow();
    }
}
