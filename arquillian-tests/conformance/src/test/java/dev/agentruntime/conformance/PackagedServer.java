package dev.agentruntime.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of one name in the packaged Open Liberty, with a user folder of its own. */
final class PackagedServer {

    private static final Path WLP = Path.of(System.getProperty("root"), "server-config/target/wlp").toAbsolutePath().normalize();

    private final String name;
    private final Path user;

    PackagedServer(String name) {
        this.name = name;
        user = Path.of("target/users", name).toAbsolutePath();
    }

    /** The folder of its server.xml. */
    Path folder() {
        return user.resolve("servers").resolve(name);
    }

    /**
     * Makes its folders anew, with the feature in them.
     *
     * @param libvirt whether the bundle that drives libvirt is among its bundles
     * @return the folder of the feature's bundles
     */
    Path install(boolean libvirt) throws IOException {
        delete(user);
        Path lib = Files.createDirectories(user.resolve("extension/lib"));
        Path feature = WLP.resolve("usr/extension");
        Files.createSymbolicLink(user.resolve("extension/agent"), feature.resolve("agent"));
        try (Stream<Path> files = Files.list(feature.resolve("lib"))) {
            for (Path file : files.toList()) {
                if (libvirt || !file.getFileName().toString().startsWith("dev.agentruntime.libvirt_")) {
                    Files.createSymbolicLink(lib.resolve(file.getFileName()), file);
                }
            }
        }
        Files.createDirectories(folder());
        return lib;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    void start() {
        run("start", name, "--clean");
    }

    void stop() {
        run("stop", name);
    }

    String log() throws IOException {
        return Files.readString(folder().resolve("logs/messages.log"));
    }

    private void run(String... command) {
        try {
            ProcessBuilder server = new ProcessBuilder(Stream.concat(Stream.of(WLP.resolve("bin/server").toString()), Stream.of(command)).toList())
                    .redirectErrorStream(true).redirectOutput(user.resolve("server.out").toFile());
            server.environment().put("WLP_USER_DIR", user.toString());
            server.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = server.start();
            if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException("server " + String.join(" ", command) + " failed; see " + folder() + "/logs: "
                        + Files.readString(user.resolve("server.out")));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
