package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.fake.FakeDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The packaged server with its feature, and VMs in memory; started once for all tests. */
final class Server {

    static final int PORT = 19680;
    static final URI ENDPOINT = URI.create("http://localhost:" + PORT + "/agents");
    static final String REGION = "eu-central-1";
    static final String KEY_ID = "AKCONFORM01";
    static final String SECRET = "a secret of the conformance tests";
    /** May invoke {@code hello} only. */
    static final String NARROW_KEY_ID = "AKCONFORM02";

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final PackagedServer files = new PackagedServer("conformance");

    final Issuer servers;
    final Issuer own;

    private static final class Started {
        static final Server SERVER = started();
    }

    private Server() throws Exception {
        servers = new Issuer("server");
        own = new Issuer("own");
        install();
        files.start();
        Runtime.getRuntime().addShutdownHook(new Thread(files::stop));
        awaitServing();
    }

    private void awaitServing() {
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(HTTP.send(HttpRequest.newBuilder(
                URI.create(ENDPOINT + "/runtimes/hello/invocations")).header("Authorization", "Bearer " + servers.token("starter"))
                .POST(HttpRequest.BodyPublishers.ofString("x")).build(), BodyHandlers.ofString()).statusCode()).isEqualTo(200));
    }

    void restart() {
        files.stop();
        files.start();
        awaitServing();
    }

    /** Puts other text in the place of some of server.xml. The server takes it up in a moment. */
    static void configure(String before, String after) throws IOException {
        Path file = running().files.folder().resolve("server.xml");
        String xml = Files.readString(file);
        assertThat(xml).contains(before);
        Files.writeString(file, xml.replace(before, after));
    }

    /** A token of the server's for an administrator. */
    String administrator() {
        return servers.token("root", claims -> claims.setClaim("groups", List.of("agent-admin", "agent-invoker")), Map.of());
    }

    /** Uploads a WAR and returns how it is named from then on. */
    String uploaded(String text) throws Exception {
        ByteArrayOutputStream war = new ByteArrayOutputStream();
        war(war, text);
        HttpResponse<String> answer = HTTP.send(HttpRequest.newBuilder(URI.create(ENDPOINT + "/artifacts/made.war"))
                .header("Authorization", "Bearer " + administrator()).PUT(HttpRequest.BodyPublishers.ofByteArray(war.toByteArray())).build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().replaceFirst(".*\"uri\":\"([^\"]*)\".*", "$1");
    }

    static Server running() {
        return Started.SERVER;
    }

    private static Server started() {
        try {
            return new Server();
        } catch (Exception e) {
            throw new IllegalStateException("The server did not start: " + e.getMessage(), e);
        }
    }

    static String log() throws IOException {
        return running().files.log();
    }

    private void install() throws Exception {
        Path lib = files.install(false);
        hypervisor(lib.resolve("dev.agentruntime.libvirt_0.1.0.jar"));
        Path directory = files.folder();
        for (String agent : List.of("hello", "signed", "tokens", "own", "away", "metadata", "few")) {
            war(Files.createDirectories(directory.resolve("agents")).resolve(agent + ".war"));
        }
        Files.writeString(directory.resolve("jvm.options"), "-Xmx256m\n");
        Files.writeString(directory.resolve("server.xml"), """
                <server>
                  <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                  <httpEndpoint id="defaultHttpEndpoint" host="localhost" httpPort="%d" httpsPort="-1"/>
                  <keyStore id="defaultKeyStore" password="changeit"/>
                  <mpJwt id="defaultMpJwt" userNameAttribute="sub" authFilterRef="serversTokens"/>
                  <authFilter id="serversTokens"><requestUrl urlPattern="own" matchType="notContain"/></authFilter>
                  <variable name="mp.jwt.verify.issuer" value="%s"/>
                  <variable name="mp.jwt.verify.publickey.location" value="%s/keys"/>
                  <agentRuntimeInbound region="%s" keysAgain="1s" issuerAddresses="127.0.0.1"/>
                  <agentRuntimeControl region="eu-central-1" accountId="123456789012"/>
                  <accessKey accessKeyId="%s" secret="%s" principal="orders" operations="*" runtimes="*" mayNameUsers="true"/>
                  <accessKey accessKeyId="%s" secret="%s" principal="narrow" operations="InvokeAgentRuntime" runtimes="hello"/>
                  <agentRuntime agentsDirectory="${server.config.dir}/agents" maxSessions="1000" pauseAfter="0">
                    <agent name="hello"/>
                    <agent name="few" maxSessions="1"/>
                    <agent name="signed" inbound="signature"/>
                    <agent name="tokens" inbound="token" passToken="true"/>
                    <agent name="own">%s
                      <customClaim name="teams" valueType="STRING_ARRAY" operator="CONTAINS_ANY" value="red, blue"/></customJwtAuthorizer>
                    </agent>
                    <agent name="away">%s</customJwtAuthorizer></agent>
                    <agent name="metadata">%s</customJwtAuthorizer></agent>
                  </agentRuntime>
                </server>
                """.formatted(PORT, servers.name(), servers.name(), REGION, KEY_ID, SECRET, NARROW_KEY_ID, SECRET, authorizer(own.name(), "127.0.0.1"),
                authorizer("http://127.0.0.1:1", "127.0.0.1"), authorizer("http://169.254.169.254", "")));
    }

    private static String authorizer(String issuer, String addresses) {
        return "<customJwtAuthorizer discoveryUrl=\"" + issuer + "/.well-known/openid-configuration\" addresses=\"" + addresses
                + "\" allowedAudience=\"agents\" allowedClients=\"app\" allowedScopes=\"agents.invoke\">";
    }

    private static void war(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            war(out, "");
        }
    }

    private static void war(OutputStream out, String text) throws IOException {
        try (JarOutputStream war = new JarOutputStream(out, new Manifest())) {
            war.putNextEntry(new JarEntry("WEB-INF/web.xml"));
            war.write(("<web-app><!-- " + text + " --></web-app>").getBytes());
        }
    }

    private static void hypervisor(Path jar) throws IOException, URISyntaxException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "dev.agentruntime.libvirt");
        main.putValue("Bundle-Version", "0.1.0");
        main.putValue("Bundle-Activator", FakeHypervisor.class.getName());
        main.putValue("Import-Package", "dev.agentruntime.api,dev.agentruntime.spi,dev.agentruntime.config,org.osgi.framework");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream bundle = new JarOutputStream(out, manifest)) {
            add(bundle, FakeHypervisor.class);
            add(bundle, FakeDriver.class);
        }
    }

    private static void add(JarOutputStream bundle, Class<?> type) throws IOException, URISyntaxException {
        Path origin = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(origin)) {
            copy(bundle, origin, type);
            return;
        }
        try (FileSystem jar = FileSystems.newFileSystem(origin)) {
            copy(bundle, jar.getPath("/"), type);
        }
    }

    private static void copy(JarOutputStream bundle, Path root, Class<?> type) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(type.getPackageName().replace('.', '/')))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".class")).toList()) {
                bundle.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, bundle);
            }
        }
    }
}
