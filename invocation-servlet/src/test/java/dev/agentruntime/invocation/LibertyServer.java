package dev.agentruntime.invocation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A real Open Liberty that runs the WAR over the fake platform, which it gets as a feature of its own. */
final class LibertyServer implements AutoCloseable {

    static final URI BASE = URI.create("http://127.0.0.1:19080/agents");
    static final URI ROOT = URI.create("http://127.0.0.1:19080");

    private final Path server;
    private final Path usr;

    LibertyServer(Path work, int agentPort, int rawPort, int commandPort, Tokens tokens) throws Exception {
        usr = work.resolve("usr");
        Path directory = usr.resolve("servers/it");
        server = Path.of(System.getProperty("liberty.home"), "bin", "server");
        Files.createDirectories(directory.resolve("apps"));
        Files.copy(Path.of(System.getProperty("war")), directory.resolve("apps/agent-invocation.war"),
                StandardCopyOption.REPLACE_EXISTING);
        Path key = directory.resolve("key.pem");
        Files.writeString(key, tokens.publicKeyPem());
        Files.writeString(directory.resolve("server.env"), "FAKE_AGENT_PORT=" + agentPort + "\nFAKE_RAW_PORT=" + rawPort + "\n"
                + "FAKE_COMMAND_PORT=" + commandPort + "\n"
                + "AGENT_RUNTIME_FIRST_BYTE_TIMEOUT=PT4S\n");
        Files.writeString(directory.resolve("jvm.options"), "-Xmx128m\n");
        try (InputStream configuration = LibertyServer.class.getResourceAsStream("/server.xml")) {
            Files.copy(configuration, directory.resolve("server.xml"), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(directory.resolve("bootstrap.properties"), "key.location=" + key.toUri() + "\n");
        installFake();
        run("start");
    }

    /** The last lines of the server's log. */
    List<String> log() throws IOException {
        List<String> lines = Files.readAllLines(usr.resolve("servers/it/logs/messages.log"));
        return lines.subList(Math.max(0, lines.size() - 60), lines.size());
    }

    @Override
    public void close() throws Exception {
        run("stop");
    }

    private void run(String action) throws Exception {
        List<String> command = action.equals("start")
                ? List.of(server.toString(), "start", "it", "--clean") : List.of(server.toString(), action, "it", "--force");
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("WLP_USER_DIR", usr.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(300, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("server " + action + " failed; see " + usr + "/servers/it/logs");
        }
    }

    private void installFake() throws IOException, URISyntaxException {
        Path features = usr.resolve("extension/lib/features");
        Files.createDirectories(features);
        Files.writeString(features.resolve("fakeRuntime-1.0.mf"), """
                Subsystem-ManifestVersion: 1
                Subsystem-SymbolicName: fakeRuntime-1.0;visibility:=public
                Subsystem-Version: 1.0.0
                Subsystem-Type: osgi.subsystem.feature
                Subsystem-Content: fake.runtime;version="[1,2)"
                IBM-Feature-Version: 2
                IBM-ShortName: fakeRuntime-1.0
                IBM-API-Package: dev.agentruntime.api;type="api",dev.agentruntime.log;type="api"
                """);
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "fake.runtime");
        main.putValue("Bundle-Version", "1.0.0");
        main.putValue("Bundle-Activator", "dev.agentruntime.invocation.fake.FakeActivator");
        main.putValue("Import-Package", "org.osgi.framework");
        main.putValue("Export-Package", "dev.agentruntime.api,dev.agentruntime.log");
        Path jar = usr.resolve("extension/lib/fake.runtime_1.0.0.jar");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream bundle = new JarOutputStream(out, manifest)) {
            add(bundle, dev.agentruntime.api.Platform.class);
            add(bundle, dev.agentruntime.log.LoggedMessage.class);
            add(bundle, dev.agentruntime.invocation.fake.FakeActivator.class);
        }
    }

    /** Adds the classes of the package of {@code type}, and of the packages below it. */
    private static void add(JarOutputStream bundle, Class<?> type) throws IOException, URISyntaxException {
        Path origin = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(origin)) {
            copy(bundle, origin, type);
            return;
        }
        try (var jar = java.nio.file.FileSystems.newFileSystem(origin)) {
            copy(bundle, jar.getPath("/"), type);
        }
    }

    private static void copy(JarOutputStream bundle, Path root, Class<?> type) throws IOException {
        Path folder = root.resolve(type.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                bundle.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, bundle);
                bundle.closeEntry();
            }
        }
    }
}
