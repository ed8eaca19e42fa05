package dev.agentruntime.console;

import dev.agentruntime.console.fake.FakeDriverActivator;
import dev.agentruntime.spi.fake.FakeDriver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Open Liberty with the features' own manifests, of which only what needs VMs, and bundles that the console does without, are left out:
 * a hypervisor in memory is in the place of libvirt's driver.
 */
final class ConsoleServer implements AutoCloseable {

    static final URI ROOT = URI.create("http://127.0.0.1:19292");

    private static final Path FEATURE = Path.of("../runtime-feature/feature/src/main/esa/wlp/lib/features");
    private static final Path OWN_FEATURE = Path.of("../runtime-feature/console-feature/src/main/esa/wlp/lib/features");
    private static final List<String> BUNDLES = List.of("runtime-feature/api", "runtime-feature/store", "runtime-feature/requests", "runtime-feature/domain",
            "inbound-identity", "control-plane", "accounting", "console");
    private static final String SERVER_XML = """
            <server>
              <featureManager><feature>usr:agentConsole-1.0</feature></featureManager>
              <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="19292" httpsPort="-1"/>
              <keyStore id="defaultKeyStore" password="of-this-test"/>
              <variable name="mp.jwt.verify.publickey.location" value="KEY"/>
              <variable name="mp.jwt.verify.issuer" value="ISSUER"/>
              <basicRegistry id="people" realm="people">
                <user name="ada" password="adas-password"/>
                <user name="alice" password="alices-password"/>
                <user name="bob" password="bobs-password"/>
                <user name="eve" password="eves-password"/>
                <group name="agent-admin"><member name="ada"/></group>
                <group name="agent-invoker"><member name="alice"/><member name="bob"/></group>
              </basicRegistry>
              <agentRuntime poolMin="0" poolMax="0" maxSessions="1100" maxSessionsPerSubject="1100"><agent name="configured-one" location="configured.war"/></agentRuntime>
              <agentRuntimeAccounting cpuHour="1" currency="USD"/>
              <agentConsole issuer="ISSUER"/>
            </server>
            """;

    private final Path usr;

    ConsoleServer(Path folder, Tokens tokens) throws Exception {
        this(folder, tokens, List.of());
    }

    /** @param features that the server has besides */
    ConsoleServer(Path folder, Tokens tokens, List<String> features) throws Exception {
        usr = folder;
        Path server = Files.createDirectories(usr.resolve("servers/seen"));
        Path key = Files.writeString(server.resolve("key.pem"), tokens.publicKeyPem());
        Files.writeString(server.resolve("server.xml"), SERVER_XML.replace("KEY", key.toUri().toString()).replace("ISSUER", TestPlatform.ISSUER)
                .replace("<featureManager>", features.stream().map(name -> "<feature>" + name + "</feature>").collect(Collectors.joining("", "<featureManager>", ""))));
        Files.writeString(server.resolve("jvm.options"), "-Xmx256m\n");
        Files.createDirectories(server.resolve("agents"));
        try (JarOutputStream war = new JarOutputStream(Files.newOutputStream(server.resolve("agents/configured.war")), new Manifest())) {
            war.putNextEntry(new JarEntry("WEB-INF/web.xml"));
            war.write("<web-app/>".getBytes());
        }
        installFeatures();
        run("start", "--clean");
    }

    /** The server takes another feature than that of the console: that without it. */
    void leaveOutConsole() throws IOException {
        Path file = usr.resolve("servers/seen/server.xml");
        Files.writeString(file, Files.readString(file).replace("usr:agentConsole-1.0", "usr:agentRuntime-1.0"));
    }

    private void installFeatures() throws IOException, URISyntaxException {
        Path lib = Files.createDirectories(usr.resolve("extension/lib/features")).getParent();
        for (String module : BUNDLES) {
            Path jar = jar(Path.of("..", module, "target"));
            Files.copy(jar, lib.resolve(jar.getFileName().toString()));
        }
        for (Path folder : List.of(FEATURE, OWN_FEATURE)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.writeString(lib.resolve("features").resolve(file.getFileName().toString()), without(Files.readString(file)));
                }
            }
        }
        Path agent = Files.createDirectories(usr.resolve("extension/agent"));
        Files.copy(Path.of("../invocation-servlet/target/agent-invocation.war"), agent.resolve("invocation.war"));
        Files.copy(origin(org.h2.Driver.class), agent.resolve("h2.jar"));
        installDriver(lib.resolve("dev.agentruntime.libvirt_0.1.0.jar"));
    }

    /** A manifest without bundles and files that are not here. */
    private static String without(String manifest) {
        int content = manifest.indexOf("Subsystem-Content: ");
        List<String> parts = new ArrayList<>(Arrays.asList(manifest.substring(content + "Subsystem-Content: ".length()).strip().split(",\\s*\\n\\s*")));
        parts.removeIf(part -> part.contains("type=\"file\"") && !part.startsWith("invocation.war") && !part.startsWith("h2.jar")
                || part.startsWith("agent-egress") || part.startsWith("agent-runtime-logs")
                || part.startsWith("agent-runtime-refusal"));
        return manifest.substring(0, content) + "Subsystem-Content: " + String.join(",\n ", parts) + "\n";
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
        main.putValue("Bundle-SymbolicName", "dev.agentruntime.libvirt");
        main.putValue("Bundle-Version", "0.1.0");
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

    private void run(String action, String... options) throws Exception {
        List<String> command = Stream.concat(
                Stream.of(Path.of(System.getProperty("liberty.home"), "bin", "server").toString(), action, "seen"), Stream.of(options)).toList();
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(usr.resolve("server.out").toFile()).redirectErrorStream(true);
        builder.environment().put("WLP_USER_DIR", usr.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException("server " + action + " failed:\n" + Files.readString(usr.resolve("server.out")) + log());
        }
    }

    /** The server's log. */
    String log() throws IOException {
        try (Stream<String> lines = Files.lines(usr.resolve("servers/seen/logs/messages.log"))) {
            return lines.collect(Collectors.joining("\n"));
        }
    }

    @Override
    public void close() throws Exception {
        run("stop");
    }
}
