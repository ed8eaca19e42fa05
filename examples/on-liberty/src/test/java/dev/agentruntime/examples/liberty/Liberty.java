package dev.agentruntime.examples.liberty;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server of an unpacked Open Liberty with the features of the Web Profile and MicroProfile, and some of the example WARs in it. */
final class Liberty implements AutoCloseable {

    private static final Path EXAMPLES = Path.of("..");

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path folder;
    private final Map<String, String> environment;
    private final int port;

    private Liberty(Path folder, Map<String, String> environment, int port) {
        this.folder = folder;
        this.environment = environment;
        this.port = port;
    }

    /** Starts it below the folder, with these WARs; blocks until they are there. */
    static Liberty start(Path folder, List<String> examples, Map<String, String> environment) {
        try {
            Path server = Files.createDirectories(folder.resolve("servers/examples"));
            Path apps = Files.createDirectories(server.resolve("apps"));
            StringBuilder applications = new StringBuilder();
            for (String example : examples) {
                Files.copy(EXAMPLES.resolve(example).resolve("target").resolve(example + ".war"), apps.resolve(example + ".war"));
                applications.append("  <webApplication location=\"").append(example).append(".war\"/>\n");
            }
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            Files.writeString(server.resolve("server.xml"), """
                    <server>
                      <featureManager><feature>webProfile-10.0</feature><feature>microProfile-6.1</feature></featureManager>
                      <httpEndpoint id="defaultHttpEndpoint" httpPort="%d" httpsPort="-1"/>
                      <keyStore id="defaultKeyStore" password="unused"/>
                    %s</server>
                    """.formatted(port, applications));
            Files.writeString(server.resolve("jvm.options"), "-Xmx384m\n");
            Liberty liberty = new Liberty(folder, environment, port);
            if (liberty.command("start") != 0) {
                throw new IllegalStateException("Open Liberty did not start: " + liberty.log());
            }
            return liberty;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> invoke(String example, String body) {
        return invoke(example, "application/json", BodyPublishers.ofString(body), BodyHandlers.ofString());
    }

    HttpResponse<InputStream> stream(String example, String body) {
        return invoke(example, "application/json", BodyPublishers.ofString(body), BodyHandlers.ofInputStream());
    }

    <T> HttpResponse<T> invoke(String example, String type, BodyPublisher body, HttpResponse.BodyHandler<T> handler) {
        return send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/" + example + "/invocations"))
                .timeout(Duration.ofMinutes(3)).header("Content-Type", type).POST(body).build(), handler);
    }

    HttpResponse<String> ping(String example) {
        return send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/" + example + "/ping")).build(), BodyHandlers.ofString());
    }

    String log() {
        try {
            return Files.readString(folder.resolve("servers/examples/logs/messages.log"));
        } catch (IOException e) {
            return "there is no log: " + e;
        }
    }

    @Override
    public void close() {
        command("stop");
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private int command(String verb) {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("liberty.home"), "bin", "server").toString(), verb, "examples")
                .redirectErrorStream(true).redirectOutput(folder.resolve(verb + ".log").toFile());
        builder.environment().putAll(environment);
        builder.environment().put("WLP_USER_DIR", folder.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            Process process = builder.start();
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroy();
                throw new IllegalStateException("server " + verb + " did not end within 180 s");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
