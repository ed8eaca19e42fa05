package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/** Runs the scripts of {@code src/test/js}, with the packages that they need. */
final class Node {

    private static final Path WORK = Path.of("target/js").toAbsolutePath();

    private Node() {}

    static boolean isThere() {
        return isThere("node") && isThere("npm");
    }

    static boolean isThere(String command) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    /** Returns the lines of JSON that a script has printed; fails where the script does, and where it takes longer. */
    static List<Map<String, Object>> run(Duration limit, String script, String argument) throws Exception {
        install();
        return lines(limit, "node", "--experimental-websocket", Path.of("src/test/js", script).getFileName().toString(), argument).stream().filter(line -> line.startsWith("{"))
                .map(Node::json).toList();
    }

    private static synchronized void install() throws Exception {
        Files.createDirectories(WORK);
        boolean changed = false;
        for (String file : List.of("package.json", "package-lock.json", "cases.mjs", "operations.mjs")) {
            Path from = Path.of("src/test/js", file);
            Path to = WORK.resolve(file);
            changed |= file.startsWith("package") && (!Files.exists(to) || Files.mismatch(from, to) >= 0);
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
        if (changed || !Files.exists(WORK.resolve("node_modules/.package-lock.json"))) {
            lines(Duration.ofMinutes(3), "npm", "ci", "--no-audit", "--no-fund");
        }
    }

    private static List<String> lines(Duration limit, String... command) throws IOException, InterruptedException {
        Path out = WORK.resolve(command[0] + ".out");
        Process process = new ProcessBuilder(command).directory(WORK.toFile()).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended).as(() -> String.join(" ", command) + " takes longer than " + limit).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readAllLines(out);
    }

    private static Map<String, Object> json(String line) {
        try {
            return JsonUtil.parseJson(line);
        } catch (JoseException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
