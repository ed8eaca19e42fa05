package dev.agentruntime.control;

import dev.agentruntime.control.fake.FakeDriverActivator;
import dev.agentruntime.spi.fake.FakeDriver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real Open Liberty with the feature's own bundles and front door, over a hypervisor in memory. */
final class ControlServer implements AutoCloseable {

    static final URI ENDPOINT = URI.create("http://127.0.0.1:19280/agents");

    private static final List<String> BUNDLES = List.of("runtime-feature/api", "runtime-feature/store", "runtime-feature/requests", "runtime-feature/domain", "inbound-identity", "control-plane");
    private static final String FEATURES = """
            com.ibm.websphere.appserver.servlet-6.0, io.openliberty.cdi-4.0, io.openliberty.jsonp-2.1, io.openliberty.mpConfig-3.1,
            io.openliberty.mpJwt-2.1, io.openliberty.mpHealth-4.0, io.openliberty.mpMetrics-5.1, io.openliberty.concurrent-3.0,
            io.openliberty.appSecurity-5.0, com.ibm.websphere.appserver.transaction-2.0, com.ibm.websphere.appserver.jdbc-4.2,
            com.ibm.websphere.appserver.jndi-1.0, com.ibm.websphere.appserver.appmanager-1.0""";
    private static final String SERVER_XML = """
            <server>
              <featureManager><feature>usr:controlled-1.0</feature></featureManager>
              <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="19280" httpsPort="-1"/>
              <mpJwt id="callers" issuer="https://idp.test" userNameAttribute="sub"/>
              <variable name="mp.jwt.verify.publickey.location" value="%s"/>
              <agentRuntime poolMin="0" poolMax="0"><agent name="configured-one" location="configured.war"/></agentRuntime>
              <agentRuntimeInbound region="us-east-1"/>
              <accessKey accessKeyId="AKDEPLOYER" secret="a-secret-of-this-test" principal="deployer" operations="*" runtimes="*" admin="true"/>
              <accessKey accessKeyId="AKCALLER" secret="another-secret-of-this-test" principal="caller" operations="*" runtimes="*"/>
              <agentRuntimeControl region="us-east-1" accountId="123456789012"/>
            </server>
            """;

    private final Path usr;

    ControlServer(Path folder, TestTokens tokens) throws Exception {
        usr = folder;
        Path server = Files.createDirectories(usr.resolve("servers/controlled"));
        Path key = Files.writeString(server.resolve("key.pem"), tokens.publicKeyPem());
        Files.writeString(server.resolve("server.xml"), SERVER_XML.formatted(key.toUri()));
        Files.writeString(server.resolve("jvm.options"), "-Xmx256m\n");
        Files.writeString(server.resolve("server.env"), "keystore_password=of-this-test\n");
        Files.createDirectories(server.resolve("agents"));
        Files.write(server.resolve("agents/configured.war"), TestWar.of("configured"));
        installFeature();
        start();
    }

    private void installFeature() throws IOException, URISyntaxException {
        Path lib = Files.createDirectories(usr.resolve("extension/lib/features")).getParent();
        StringBuilder content = new StringBuilder("fake.driver;version=\"[1,2)\"");
        for (String module : BUNDLES) {
            Path jar = jar(Path.of("..", module, "target"));
            Files.copy(jar, lib.resolve(jar.getFileName().toString()));
            content.append(",\n ").append(jar.getFileName().toString().replaceAll("-0\\.1\\.0\\.jar$", "")).append(";version=\"[0.1,0.2)\"");
        }
        for (String feature : FEATURES.split(",\\s*")) {
            content.append(",\n ").append(feature.strip()).append(";type=\"osgi.subsystem.feature\"");
        }
        Files.writeString(lib.resolve("features/controlled-1.0.mf"), """
                Subsystem-ManifestVersion: 1
                Subsystem-SymbolicName: controlled-1.0;visibility:=public
                Subsystem-Version: 1.0.0
                Subsystem-Type: osgi.subsystem.feature
                IBM-ShortName: controlled-1.0
                IBM-Feature-Version: 2
                IBM-API-Package: dev.agentruntime.api;type="api",dev.agentruntime.log;type="api"
                Subsystem-Content: %s
                """.formatted(content));
        Path agent = Files.createDirectories(usr.resolve("extension/agent"));
        Files.copy(Path.of("../invocation-servlet/target/agent-invocation.war"), agent.resolve("invocation.war"));
        Files.copy(origin(org.h2.Driver.class), agent.resolve("h2.jar"));
        installDriver(lib.resolve("fake.driver_1.0.0.jar"));
    }

    private static Path jar(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(".*-0\\.1\\.0\\.jar")).findFirst().orElseThrow();
        }
    }

    private static void installDriver(Path jar) throws IOException, URISyntaxException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "fake.driver");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Bundle-Activator", FakeDriverActivator.class.getName());
        main.putValue("Import-Package", "org.osgi.framework,dev.agentruntime.api,dev.agentruntime.spi");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream bundle = new JarOutputStream(out, manifest)) {
            add(bundle, FakeDriverActivator.class);
            add(bundle, FakeDriver.class);
        }
    }

    /** Adds the classes of the package of {@code type}. */
    private static void add(JarOutputStream bundle, Class<?> type) throws IOException, URISyntaxException {
        Path origin = origin(type);
        if (Files.isDirectory(origin)) {
            copy(bundle, origin, type);
            return;
        }
        try (var jar = FileSystems.newFileSystem(origin)) {
            copy(bundle, jar.getPath("/"), type);
        }
    }

    private static void copy(JarOutputStream bundle, Path root, Class<?> type) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(type.getPackageName().replace('.', '/')))) {
            for (Path file : files.filter(one -> one.toString().endsWith(".class")).toList()) {
                bundle.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, bundle);
                bundle.closeEntry();
            }
        }
    }

    private static Path origin(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    void restart() throws Exception {
        run("stop");
        start();
    }

    private void start() throws Exception {
        run("start", "--clean");
    }

    private void run(String action, String... options) throws Exception {
        List<String> command = Stream.concat(
                Stream.of(Path.of(System.getProperty("liberty.home"), "bin", "server").toString(), action, "controlled"), Stream.of(options)).toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(usr.resolve("server.out").toFile()).redirectErrorStream(true);
        builder.environment().put("WLP_USER_DIR", usr.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException("server " + action + " failed:\n" + log());
        }
    }

    /** The last lines of the server's log. */
    String log() throws IOException {
        try (Stream<String> lines = Files.lines(usr.resolve("servers/controlled/logs/messages.log"))) {
            List<String> all = lines.toList();
            return all.subList(Math.max(0, all.size() - 60), all.size()).stream().collect(Collectors.joining("\n"));
        }
    }

    @Override
    public void close() throws Exception {
        run("stop");
    }
}
