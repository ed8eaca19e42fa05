package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.OutboundCredentials;
import dev.agentruntime.spi.SessionFacts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;

/** A way out with real sockets on both sides; names are resolved as the test says. */
abstract class EgressTestBase {

    static final SessionFacts SESSION = facts("session-1");

    final RuleBook rules = new RuleBook();
    final List<ConnectionRecord> records = new CopyOnWriteArrayList<>();
    final Map<String, List<String>> names = new ConcurrentHashMap<>();
    /** Addresses that a name has for one look-up each, before those in {@link #names}. */
    final Map<String, Queue<List<String>>> turns = new ConcurrentHashMap<>();
    final List<String> lookedUp = new CopyOnWriteArrayList<>();
    final ConnectionShelf shelf = new ConnectionShelf();
    final List<GuestService> services = new CopyOnWriteArrayList<>();
    volatile Optional<OutboundCredentials> credentials = Optional.empty();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, Object> settings = new HashMap<>();
    private final Map<String, Object> agent = new HashMap<>(Map.of("agent.0.name", "hello"));
    private int outbounds;
    private int allowed;
    private Optional<Egress> egress = Optional.empty();
    private Optional<SessionWay> way = Optional.empty();
    SSLContext tls;

    static SessionFacts facts(String sessionId) {
        return new SessionFacts(sessionId, "hello", "0123456789ab", new Subject("https://idp", "alice"),
                new Tenant("https://idp", Tenant.Kind.ALONE, "alice"), Instant.EPOCH);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        egress.ifPresent(Egress::close);
    }

    final <T extends AutoCloseable> T closing(T closeable) {
        open.add(closeable);
        return closeable;
    }

    /** Sets an attribute of {@code <agentRuntimeEgress>}, for a way out that is open too. */
    final void set(String attribute, Object value) {
        settings.put(attribute, value);
        egress.ifPresent(one -> one.update(settings()));
    }

    private EgressSettings settings() {
        Attributes own = Attributes.of(EgressSettings.ELEMENT, settings);
        EgressSettings read = EgressSettings.read(own);
        assertThat(own.problems()).isEmpty();
        return read;
    }

    /** Adds an {@code <outbound>} to the agent, or changes it. */
    final void outbound(String name, String... attributes) {
        String prefix = "agent.0.outbound." + agent.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("agent.0.outbound.") && entry.getKey().endsWith(".name") && entry.getValue().equals(name))
                .map(entry -> entry.getKey().split("\\.")[3]).findFirst().orElseGet(() -> String.valueOf(outbounds++)) + ".";
        agent.keySet().removeIf(key -> key.startsWith(prefix));
        agent.put(prefix + "name", name);
        for (int i = 0; i < attributes.length; i += 2) {
            agent.put(prefix + attributes[i], attributes[i + 1]);
        }
        read();
    }

    final void noOutbounds() {
        agent.keySet().removeIf(key -> key.startsWith("agent.0.outbound."));
        read();
    }

    /** Adds an {@code <allow>} to the agent. */
    final void allow(String host, String ports, String addresses) {
        String prefix = "agent.0.allow." + allowed++ + ".";
        agent.put(prefix + "host", host);
        agent.put(prefix + "ports", ports);
        agent.put(prefix + "addresses", addresses);
        read();
    }

    final void nothingAllowed() {
        agent.keySet().removeIf(key -> key.startsWith("agent.0.allow."));
        read();
    }

    private void read() {
        Attributes runtime = Attributes.of("agentRuntime", agent);
        rules.agents(RuleReader.agents(runtime));
        assertThat(runtime.problems()).isEmpty();
    }

    final Egress egress() {
        if (egress.isEmpty()) {
            egress = Optional.of(new Egress(settings(), this::rulesOf, this::resolve, ssl -> context(), shelf, records::add,
                    () -> List.copyOf(services), () -> credentials));
        }
        return egress.get();
    }

    AgentRules rulesOf(String name) {
        return rules.of(name);
    }

    /** What the host trusts. */
    SSLContext context() {
        return tls;
    }

    private InetAddress[] resolve(String name) throws UnknownHostException {
        if (name.startsWith("silent.")) {
            neverAnswer();
        }
        lookedUp.add(name);
        List<String> addresses = Optional.ofNullable(turns.get(name)).map(Queue::poll).orElseGet(() -> names.get(name));
        if (addresses == null) {
            throw new UnknownHostException(name);
        }
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            found.add(InetAddress.getByName(address));
        }
        return found.toArray(InetAddress[]::new);
    }

    /** Until the way out is closed. */
    private static void neverAnswer() throws UnknownHostException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException closed) {
            throw new UnknownHostException("closed");
        }
    }

    /** Takes connections and says nothing. */
    final ServerSocket silent() throws IOException {
        return closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    final SessionWay way() {
        if (way.isEmpty()) {
            way = Optional.of(egress().join(SESSION));
        }
        return way.get();
    }

    final GuestPort port(String target) {
        return closing(new GuestPort(way(), target));
    }

    final HttpServer server(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", handler);
        server.start();
        open.add(() -> {
            server.stop(0);
            threads.shutdownNow();
        });
        return server;
    }

    static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Sends text as it is and returns all that comes until the end. */
    static String talk(GuestPort port, String text) throws IOException {
        try (Socket socket = port.connect()) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return rest(socket.getInputStream());
        }
    }

    static String rest(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            for (int c = in.read(); c >= 0; c = in.read()) {
                text.append((char) c);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("No end after: " + text, e);
        }
        return text.toString();
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    }

    final ConnectionRecord record() {
        await().until(() -> !records.isEmpty());
        return records.get(records.size() - 1);
    }
}
