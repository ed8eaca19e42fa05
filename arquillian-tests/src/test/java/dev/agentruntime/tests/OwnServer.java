package dev.agentruntime.tests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/**
 * A server of a test's own in the untouched Open Liberty, as {@code server create} makes it.
 *
 * @param user Liberty's folder for servers and added features
 * @param port of HTTP
 */
record OwnServer(Path user, String name, int port) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Makes a new one; one that is there already goes. */
    static OwnServer create(String name, int port) {
        return create(UntouchedLiberty.withTheFeature().resolve("usr"), name, port);
    }

    /** Makes a new one with a user folder of its own, where servers of one name can be beside each other. */
    static OwnServer createApart(String user, String name, int port) {
        return create(UntouchedLiberty.userFolder(user), name, port);
    }

    private static OwnServer create(Path user, String name, int port) {
        OwnServer server = new OwnServer(user, name, port);
        UntouchedLiberty.run("rm", "-rf", server.folder().toString());
        UntouchedLiberty.server(user, "create", name);
        return server;
    }

    Path folder() {
        return user.resolve("servers").resolve(name);
    }

    String base() {
        return "http://localhost:" + port;
    }

    /** Its own HTTP endpoint, for server.xml. */
    String endpoint() {
        return "<httpEndpoint id=\"defaultHttpEndpoint\" httpPort=\"" + port + "\" httpsPort=\"-1\"/>";
    }

    void write(String file, String content) {
        try {
            Path path = folder().resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String file, Archive<?> application) {
        application.as(ZipExporter.class).exportTo(folder().resolve(file).toFile(), true);
    }

    void start() {
        UntouchedLiberty.server(user, "start", name);
    }

    void stop() {
        UntouchedLiberty.server(user, "stop", name);
    }

    /** Ends its process as the kernel would, without a word. One that does not run is left alone. */
    void kill() {
        process().ifPresent(process -> {
            process.destroyForcibly();
            await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
        });
    }

    /** Ends it with all that it has begun, whatever has become of it: its VMs, and what of its sessions is on the disk. */
    void remove() {
        kill();
        if (Files.exists(folder().resolve("agent-runtime/server-id"))) {
            vms().forEach(vm -> Host.run("virsh", "destroy", vm));
            Host.run("rm", "-rf", snapshots().toString());
        }
    }

    /** Where its sessions are that are on the disk. */
    Path snapshots() {
        return Path.of("/var/lib/agent-runtime/snapshots").resolve(id());
    }

    /** Of the server that runs. */
    long pid() {
        return process().orElseThrow(() -> new AssertionError("The server " + name + " does not run")).pid();
    }

    /** Names it among those that use a hypervisor: its VMs are called {@code agrt-ID-…}. */
    String id() {
        Properties id = new Properties();
        try (InputStream in = Files.newInputStream(folder().resolve("agent-runtime/server-id"))) {
            id.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return id.getProperty("id");
    }

    /** Its VMs. */
    Set<String> vms() {
        return Host.domains().stream().filter(vm -> vm.startsWith("agrt-" + id() + "-")).collect(Collectors.toSet());
    }

    private Optional<ProcessHandle> process() {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(user.resolve("servers/.pid").resolve(name + ".pid")).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log() {
        try {
            return Files.readString(folder().resolve("logs/messages.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base() + path));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    HttpResponse<String> get(String path, String token) {
        return send(request(path).header("Authorization", "Bearer " + token).build());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
