package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An Open Liberty of the tests' own, as it is downloaded, with the feature installed by featureUtility. */
final class UntouchedLiberty {

    static final Path ROOT = Path.of(System.getProperty("root")).toAbsolutePath().normalize();

    private static final Path WLP = ROOT.resolve("arquillian-tests/target/untouched/wlp");
    private static boolean ready;

    private UntouchedLiberty() {}

    /** Makes the copy and installs the feature, once in a run of the tests. */
    static synchronized Path withTheFeature() {
        if (!ready) {
            if (!Files.exists(WLP)) {
                run("mkdir", "-p", WLP.getParent().toString());
                run("cp", "-r", System.getProperty("liberty.home"), WLP.toString());
            }
            run("rm", "-rf", WLP.resolve("usr").toString()); // what other tests and earlier runs left there
            FeatureUtility.installInto(WLP);
            ready = true;
        }
        return WLP;
    }

    /** A new user folder: with the feature, without a server. */
    static Path userFolder(String name) {
        Path user = withTheFeature().resolveSibling("users").resolve(name);
        run("rm", "-rf", user.toString());
        run("mkdir", "-p", user.toString());
        run("cp", "-r", WLP.resolve("usr/extension").toString(), user.toString());
        return user;
    }

    /** Runs {@code bin/server} for servers of a user folder, and fails unless it succeeds. */
    static void server(Path user, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "WLP_USER_DIR=" + user, WLP.resolve("bin/server").toString()));
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    /** Runs a command and fails unless it succeeds; returns what it printed. */
    static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.onExit().join().exitValue()).as("%s: %s", Arrays.toString(command), output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
