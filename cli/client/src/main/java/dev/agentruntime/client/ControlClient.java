package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Makes agent runtimes, versions and endpoints, by AgentCore's control API. Thread-safe; blocks. All throw {@link AgentRuntimeException}.
 */
public final class ControlClient {

    /** For an upload; a slow line takes long. */
    private static final Duration UPLOAD = Duration.ofMinutes(30);
    private static final String RUNTIME = "/runtimes/{}/";
    private static final String ENDPOINTS = "/runtimes/{}/runtime-endpoints/";
    private static final String ENDPOINT = "/runtimes/{}/runtime-endpoints/{}/";
    private static final String JSON = "application/json";

    private final Transport transport;

    ControlClient(Transport transport) {
        this.transport = transport;
    }

    /**
     * Uploads a WAR. The server compares what arrives with the file's SHA-256.
     *
     * @param name     that ends in {@code .war}
     * @param progress is told how many bytes are on their way
     */
    public Artifact upload(String name, Path war, LongConsumer progress) {
        JsonObject answer = transport.json(Call.of("PUT", "/artifacts/{}", name)
                .with(Payload.of(war, progress), "application/octet-stream").within(UPLOAD)
                .withHeader("Content-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(sha256(war)) + ":"));
        if (!answer.containsKey("uri")) {
            throw new UnexpectedAnswerException("The server's answer to an upload names no uri");
        }
        return new Artifact(answer.getString("uri"), answer.getString("digest", ""));
    }

    private static byte[] sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[64 << 10];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
            return digest.digest();
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** The latest version of each agent runtime there is, those of server.xml and of the drop-in folder too. */
    public List<VersionInfo> runtimes() {
        return pages(Call.of("POST", "/runtimes/"), "agentRuntimes", VersionInfo::new);
    }

    public Optional<VersionInfo> named(String name) {
        return runtimes().stream().filter(runtime -> runtime.name().equals(name) || runtime.id().equals(name) || runtime.arn().equals(name)).findFirst();
    }

    /** @param number of the version; empty is the latest */
    public VersionInfo version(String id, Optional<String> number) {
        return new VersionInfo(transport.json(Call.of("GET", RUNTIME, id).with("version", number.orElse(""))));
    }

    public List<VersionInfo> versions(String id) {
        return pages(Call.of("POST", "/runtimes/{}/versions/", id), "agentRuntimes", VersionInfo::new);
    }

    /** @param settings the members of {@code CreateAgentRuntime} */
    public VersionInfo create(JsonObject settings) {
        return new VersionInfo(transport.json(Call.of("PUT", "/runtimes/").with(once(settings), JSON)));
    }

    /** Makes the next version. @param settings the members of {@code UpdateAgentRuntime}, all that are to count */
    public VersionInfo update(String id, JsonObject settings) {
        return new VersionInfo(transport.json(Call.of("PUT", RUNTIME, id).with(once(settings), JSON)));
    }

    /** With its versions, endpoints and tags. */
    public void delete(String id) {
        transport.json(Call.of("DELETE", RUNTIME, id).with("clientToken", UUID.randomUUID().toString()));
    }

    public List<EndpointInfo> endpoints(String id) {
        return pages(Call.of("POST", ENDPOINTS, id), "runtimeEndpoints", EndpointInfo::new);
    }

    public EndpointInfo endpoint(String id, String name) {
        return new EndpointInfo(transport.json(Call.of("GET", ENDPOINT, id, name)));
    }

    public EndpointInfo createEndpoint(String id, String name, String version) {
        JsonObject body = Json.createObjectBuilder().add("name", name).add("agentRuntimeVersion", version).build();
        return new EndpointInfo(transport.json(Call.of("PUT", ENDPOINTS, id).with(once(body), JSON)));
    }

    public EndpointInfo updateEndpoint(String id, String name, String version) {
        JsonObject body = Json.createObjectBuilder().add("agentRuntimeVersion", version).build();
        return new EndpointInfo(transport.json(Call.of("PUT", ENDPOINT, id, name).with(once(body), JSON)));
    }

    public void deleteEndpoint(String id, String name) {
        transport.json(Call.of("DELETE", ENDPOINT, id, name).with("clientToken", UUID.randomUUID().toString()));
    }

    /** With a token by which the server knows a request that is sent again. */
    private static Payload once(JsonObject body) {
        JsonObjectBuilder builder = Json.createObjectBuilder(body);
        return Payload.of(builder.add("clientToken", UUID.randomUUID().toString()).build());
    }

    private <T> List<T> pages(Call call, String name, Function<JsonObject, T> view) {
        return Pages.all(transport, name, view, next -> call.with("maxResults", "100").with("nextToken", next));
    }
}
