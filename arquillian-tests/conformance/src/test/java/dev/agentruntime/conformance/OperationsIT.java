package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every operation, by AWS's clients for Java and JavaScript, in real VMs. The table in {@code docs/conformance.md} is what came of it; with
 * {@code -Dconformance.write=true} it is written anew. Takes some minutes: {@code ./verify -Dlong}.
 */
@EnabledIfSystemProperty(named = "vm", matches = "true")
@EnabledIfSystemProperty(named = "long", matches = "true")
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class OperationsIT {

    private static final Path PAGE = Path.of(System.getProperty("root"), "docs/conformance.md");
    private static final String BEGIN = "<!-- the table begins -->\n";
    private static final String END = "<!-- the table ends -->\n";

    private final Told java = new Told();
    private final Told javaScript = new Told();

    @Test
    void everyClientDoesEveryOperationAndThePageSaysSo() throws Exception {
        assumeTrue(Node.isThere(), "node and npm are not on the path");
        try (VmServer server = new VmServer()) {
            String first = server.uploaded("1");
            String second = server.uploaded("2");
            try (JavaOperations operations = new JavaOperations(first, second)) {
                operations.make(java);
                operations.invoke(java);
                operations.change(java);
                runScript("before", first, second);
                server.restart();
                operations.afterTheRestart(java);
                runScript("after", first, second);
            }
        }
        assertThat(failed(java)).as("failures of the clients for Java").isEmpty();
        assertThat(failed(javaScript)).as("failures of the clients for JavaScript").isEmpty();
        if (Boolean.getBoolean("conformance.write")) {
            write();
        }
        assertThat(Files.readString(PAGE)).contains(BEGIN + table() + END);
    }

    private void runScript(String part, String first, String second) throws Exception {
        Node.run(Duration.ofMinutes(20), "operations.mjs", """
                {"endpoint":"%s","page":"%s","region":"%s","keyId":"%s","otherKeyId":"%s","secret":"%s","narrow":"%s","first":"%s","second":"%s","part":"%s"}""".formatted(
                VmServer.ENDPOINT, VmServer.PAGE.toString().replaceFirst("/$", ""), VmServer.REGION, VmServer.KEY_ID, VmServer.OTHER_KEY_ID, VmServer.SECRET, VmServer.NARROW, first, second, part))
                .forEach(told -> javaScript.put((String) told.get("case"), (String) told.get("failure")));
    }

    private static Map<String, String> failed(Told told) {
        Map<String, String> failed = new LinkedHashMap<>(told.failures());
        failed.values().removeIf(String::isEmpty);
        return failed;
    }

    /** Operation, what is tried, and by which clients it was done. */
    private String table() {
        Set<String> cases = new LinkedHashSet<>(java.failures().keySet());
        cases.addAll(javaScript.failures().keySet());
        return Stream.concat(Stream.of("| operation | Java | JavaScript |\n|---|---|---|\n"),
                cases.stream().map(name -> "| " + name + " | " + done(java, name) + " | " + done(javaScript, name) + " |\n")).collect(Collectors.joining());
    }

    private static String done(Told told, String name) {
        return told.failures().containsKey(name) ? "yes" : "no such operation";
    }

    private void write() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        Files.write(PAGE, (page.substring(0, begin) + table() + page.substring(page.indexOf(END))).getBytes(StandardCharsets.UTF_8));
    }
}
