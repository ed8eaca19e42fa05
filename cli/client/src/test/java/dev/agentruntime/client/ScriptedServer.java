package dev.agentruntime.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server that answers what a test has it answer, and remembers what it was asked. */
public final class ScriptedServer implements AutoCloseable {

    /** What it was asked. */
    public record Asked(String method, String target, Map<String, String> header, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** How it answers. */
    public interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final String scheme;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Script> scripts = new TreeMap<>();
    private Script otherwise = exchange -> send(exchange, 404, "{\"message\":\"There is nothing at " + exchange.getRequestURI().getPath() + "\"}",
            "x-amzn-ErrorType", "ResourceNotFoundException");
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

    public ScriptedServer() {
        this("http", plain());
    }

    /** One with TLS for {@code localhost}. {@code trusted.pem} in the folder is its certificate, which it makes. */
    public static ScriptedServer secure(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        char[] password = "changeit".toCharArray();
        Path file = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "server", "-keyalg", "EC",
                "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-validity", "30", "-storetype", "PKCS12", "-keystore", file.toString(),
                "-storepass", "changeit").inheritIO().start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool ended with " + keytool.exitValue());
        }
        KeyStore store = KeyStore.getInstance(file.toFile(), password);
        Files.writeString(folder.resolve("trusted.pem"), "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(store.getCertificate("server").getEncoded()) + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        return new ScriptedServer("https", https);
    }

    private static HttpServer plain() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ScriptedServer(String scheme, HttpServer server) {
        this.scheme = scheme;
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public URI endpoint() {
        return URI.create(scheme + "://localhost:" + server.getAddress().getPort() + "/agents");
    }

    /** @param what a method and a path below the endpoint, {@code GET /runtimes} */
    public ScriptedServer on(String what, Script script) {
        scripts.put(what, script);
        return this;
    }

    /** What is not scripted. */
    public ScriptedServer otherwise(Script script) {
        otherwise = script;
        return this;
    }

    public ScriptedServer on(String what, int status, String json, String... header) {
        return on(what, exchange -> send(exchange, status, json, header));
    }

    public static void send(HttpExchange exchange, int status, String body, String... header) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("x-amzn-requestid", "request-1");
        for (int i = 0; i < header.length; i += 2) {
            exchange.getResponseHeaders().set(header[i], header[i + 1]);
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
        if (!none) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    /** Begins an answer in chunks, writes a piece, and cuts the connection. */
    public static Script cutAfter(String type, String piece) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("x-amzn-requestid", "request-1");
            exchange.getResponseHeaders().set("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "session-000000000000000000000000000001");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(piece.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            // What a handler throws ends the connection without the last chunk.
            throw new IllegalStateException("cut, as the test wants it");
        };
    }

    private void serve(HttpExchange exchange) throws IOException {
        Map<String, String> header = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        exchange.getRequestHeaders().forEach((name, values) -> header.put(name, values.get(0)));
        String target = exchange.getRequestURI().toString().replaceFirst("^/agents", "");
        asked.add(new Asked(exchange.getRequestMethod(), target, header, exchange.getRequestBody().readAllBytes()));
        String path = target.replaceFirst("\\?.*", "");
        scripts.getOrDefault(exchange.getRequestMethod() + " " + path, otherwise).answer(exchange);
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    public Asked last() {
        return asked.get(asked.size() - 1);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
