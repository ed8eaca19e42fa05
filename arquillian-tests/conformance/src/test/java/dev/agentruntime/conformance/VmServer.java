package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.conformance.parrot.Parrot;
import dev.agentruntime.conformance.parrot.Repeating;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** The packaged server with real VMs. */
final class VmServer implements AutoCloseable {

    static final URI ENDPOINT = URI.create("http://localhost:19690/agents");
    /** A page of another origin, which may call. */
    static final URI PAGE = URI.create("http://127.0.0.1:19691/");
    static final String REGION = "eu-central-1";
    /** May do everything. */
    static final String KEY_ID = "AKCONFORM11";
    /** May invoke, as somebody else. */
    static final String OTHER_KEY_ID = "AKCONFORM12";
    static final String SECRET = "a secret of the conformance tests";
    /** An agent of server.xml that may have one session. */
    static final String NARROW = "narrow";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final PackagedServer files = new PackagedServer("conformance-vms");
    private final Issuer issuer;

    VmServer() throws Exception {
        issuer = new Issuer("server");
        files.install(true);
        Path agents = Files.createDirectories(files.folder().resolve("agents"));
        Files.write(agents.resolve("narrow.war"), war("1"));
        Files.writeString(files.folder().resolve("jvm.options"), "-Xmx512m\n");
        Files.writeString(files.folder().resolve("server.xml"), """
                <server>
                  <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                  <httpEndpoint id="defaultHttpEndpoint" host="localhost" httpPort="%d" httpsPort="-1"/>
                  <keyStore id="defaultKeyStore" password="changeit"/>
                  <mpJwt id="defaultMpJwt" userNameAttribute="sub"/>
                  <variable name="mp.jwt.verify.issuer" value="%s"/>
                  <variable name="mp.jwt.verify.publickey.location" value="%s/keys"/>
                  <cors domain="/agents" allowedOrigins="http://127.0.0.1:19691" allowedMethods="GET, POST" allowedHeaders="authorization, content-type"
                        exposeHeaders="x-amzn-bedrock-agentcore-runtime-session-id, x-amzn-errortype"/>
                  <agentRuntimeInbound region="%s"/>
                  <agentRuntimeControl region="%s" accountId="123456789012" memory="512m"/>
                  <accessKey accessKeyId="%s" secret="%s" principal="deployer" operations="*" runtimes="*" admin="true"/>
                  <accessKey accessKeyId="%s" secret="%s" principal="other" operations="InvokeAgentRuntime" runtimes="*"/>
                  <agentRuntime agentsDirectory="${server.config.dir}/agents" poolMin="0" poolMax="0" onStop="end"
                        requestsPerSecondPerSubject="40">
                    <agent name="%s" location="narrow.war" memory="512m" maxSessions="1"/>
                  </agentRuntime>
                </server>
                """.formatted(ENDPOINT.getPort(), issuer.name(), issuer.name(), REGION, REGION, KEY_ID, SECRET, OTHER_KEY_ID, SECRET, NARROW));
        files.start();
        try {
            awaitServing();
        } catch (RuntimeException | Error e) {
            files.stop();
            throw e;
        }
    }

    void restart() {
        files.stop();
        files.start();
        awaitServing();
    }

    @Override
    public void close() {
        files.stop();
    }

    private void awaitServing() {
        await().atMost(Duration.ofMinutes(15)).pollInterval(Duration.ofSeconds(1)).ignoreExceptions().untilAsserted(() -> assertThat(
                HTTP.send(request("/runtimes/" + NARROW).build(), BodyHandlers.ofString()).body()).contains("\"READY\""));
    }

    /** A token of the server's for an administrator. */
    String token() {
        return issuer.token("root", claims -> claims.setClaim("groups", List.of("agent-admin", "agent-invoker")), Map.of());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(ENDPOINT + path)).header("Authorization", "Bearer " + token());
    }

    /** Uploads one version of the agent and returns how it is named from then on. */
    String uploaded(String version) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(request("/artifacts/parrot.war").PUT(BodyPublishers.ofByteArray(war(version))).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().replaceFirst(".*\"uri\":\"([^\"]*)\".*", "$1");
    }

    private static byte[] war(String version) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JarOutputStream war = new JarOutputStream(out)) {
            for (Class<?> type : List.of(Parrot.class, Repeating.class)) {
                String file = type.getName().replace('.', '/') + ".class";
                war.putNextEntry(entry("WEB-INF/classes/" + file));
                try (InputStream in = type.getResourceAsStream("/" + file)) {
                    in.transferTo(war);
                }
            }
            war.putNextEntry(entry("WEB-INF/version"));
            war.write(version.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    /** The same bytes at any time, so that the same template serves. */
    private static JarEntry entry(String name) {
        JarEntry entry = new JarEntry(name);
        entry.setTime(0);
        return entry;
    }
}
