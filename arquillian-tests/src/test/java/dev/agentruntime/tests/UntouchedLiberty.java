package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

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

    /** The folder of a new server, made by {@code server create}. */
    static Path create(String server) {
        Path folder = withTheFeature().resolve("usr/servers").resolve(server);
        run("rm", "-rf", folder.toString());
        server("create", server);
        return folder;
    }

    /** Runs {@code bin/server} and fails unless it succeeds. */
    static void server(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = WLP.resolve("bin/server").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        run(command);
    }

    private static void run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.onExit().join().exitValue()).as("%s: %s", Arrays.toString(command), output).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
