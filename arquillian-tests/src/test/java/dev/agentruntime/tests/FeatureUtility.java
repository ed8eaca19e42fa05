package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * Open Liberty's featureUtility on a machine whose Maven repository is a mirror: its folders cannot be read, and there is no
 * other way to a repository. In the user's own repository lies what the README has Maven fetch: the list of features.
 */
final class FeatureUtility {

    private static final Path ROOT = Path.of(System.getProperty("root")).toAbsolutePath().normalize();
    private static final Path HOME = ROOT.resolve("arquillian-tests/target/home");

    private FeatureUtility() {}

    /** Installs the ESA of this build. Returns what featureUtility printed. */
    static String installInto(Path wlp) {
        copy(ROOT.resolve("server-config/target/feature-list"), HOME.resolve(".m2/repository"));
        try {
            HttpServer mirror = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
            mirror.createContext("/", exchange -> {
                exchange.sendResponseHeaders(404, -1);
                exchange.close();
            });
            mirror.start();
            try {
                return run(wlp, "http://localhost:" + mirror.getAddress().getPort() + "/");
            } finally {
                mirror.stop(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(Path wlp, String repository) throws IOException {
        ProcessBuilder command = new ProcessBuilder(wlp.resolve("bin/featureUtility").toString(), "installFeature",
                ROOT.resolve("runtime-feature/feature/target/agentRuntime-1.0-0.1.0.esa").toString(), "--noCache");
        command.environment().put("FEATURE_REPO_URL", repository);
        command.environment().remove("FEATURE_LOCAL_REPO");
        // The proxy is not there: a request to Maven Central fails on every machine as it does behind a mirror.
        command.environment().put("JVM_ARGS", "-Duser.home=" + HOME + " -Dhttps.proxyHost=localhost -Dhttps.proxyPort=9");
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().join().exitValue()).as(output).isZero();
        return output;
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
