package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Serves the supervisor's requests inside Open Liberty's process, one after the other. */
final class HygieneServer {
    static final String RENEW = "renew";
    /** In the answer to {@link #RENEW}: how many hooks {@link #BEGIN} would run. */
    static final String HOOKS = "hooks";
    /** With the session's environment as its body. */
    static final String BEGIN = "begin";
    static final String QUIESCE = "quiesce";
    static final String END = "end";
    static final String SAY = "say";
    static final String FILE_CREATED = "file-created";
    static final String FILE_DELETED = "file-deleted";

    private final SdkHooks hooks = new SdkHooks();
    private final SessionEnvironment environment = new SessionEnvironment(new CLibrary());

    private HygieneServer() {
    }

    static void listen(Path socket) throws IOException {
        // Whoever connects would wait without end for one that could not be made.
        HygieneServer served = new HygieneServer();
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(() -> served.serve(server), "agent-hygiene");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(ServerSocketChannel server) {
        while (true) {
            try (SocketChannel channel = server.accept()) {
                InputStream in = Channels.newInputStream(channel);
                ControlMessage request = ControlMessage.readFrom(in);
                byte[] body = request.body(in).readAllBytes();
                OutputStream out = Channels.newOutputStream(channel);
                answer(request, body).writeTo(out);
            } catch (IOException e) {
                System.err.println("[hygiene] the supervisor's request was lost: " + e);
                if (!server.isOpen()) {
                    return;
                }
            }
        }
    }

    private ControlMessage answer(ControlMessage request, byte[] body) {
        try {
            switch (request.verb()) {
                case RENEW -> {
                    renew(request);
                    return ControlMessage.of(ControlMessage.OK).with(HOOKS, Integer.toString(hooks.count()));
                }
                case BEGIN -> {
                    String sessionId = field(request, "sessionId");
                    environment.replace(SessionEnvironment.parse(body));
                    hooks.afterRestore(sessionId);
                }
                case QUIESCE -> quiesce();
                case END -> hooks.beforeEnd();
                case SAY -> RehearsedLines.print();
                case FILE_CREATED -> LibertyFiles.created(Path.of(field(request, "path")));
                case FILE_DELETED -> LibertyFiles.deleted(Path.of(field(request, "path")));
                default -> throw new GuestException("The hygiene agent does not know '" + request.verb() + "'.");
            }
            return ControlMessage.of(ControlMessage.OK);
        } catch (RuntimeException | LinkageError e) { // a class that is missing must not end the only thread that answers
            return ControlMessage.error(e instanceof GuestException ? e.getMessage() : e.toString());
        }
    }

    private static void renew(ControlMessage request) {
        byte[] entropy = Base64.getDecoder().decode(field(request, "entropy"));
        new Reseeder(new Entropy(entropy, "liberty")).run();
        LocalHostCache.clear();
    }

    private void quiesce() {
        hooks.beforeSnapshot();
        System.gc();
    }

    private static String field(ControlMessage request, String name) {
        return request.field(name).orElseThrow(() -> new GuestException("'" + request.verb() + "' needs the field " + name + "."));
    }
}
