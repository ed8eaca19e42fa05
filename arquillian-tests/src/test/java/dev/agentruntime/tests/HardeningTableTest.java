package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HardeningTableTest {

    private static final Path ROOT = Path.of("..");
    /** {@code package.ClassTest.method} between backquotes, package and method left out or not. */
    private static final Pattern NAMED = Pattern.compile("`(?:([a-z]+)\\.)?([A-Z]\\w*(?:Test|IT))(?:\\.([a-z]\\w*))?`");

    /** A test that was renamed or removed leaves a row that promises what nothing holds. */
    @ParameterizedTest
    @CsvSource({"hardening.md, 100", "outbound.md, 25", "threat-model.md, 60"})
    void everyTestThatTheTableNamesIsThere(String page, int least) throws IOException {
        List<Path> tests = tests();
        List<MatchResult> named = NAMED.matcher(Files.readString(ROOT.resolve("docs").resolve(page))).results().toList();
        assertThat(named).hasSizeGreaterThan(least);
        List<String> missing = new ArrayList<>();
        for (MatchResult name : named) {
            if (!isThere(name, tests)) {
                missing.add(name.group());
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean isThere(MatchResult name, List<Path> tests) throws IOException {
        for (Path test : tests) {
            boolean same = test.getFileName().toString().equals(name.group(2) + ".java")
                    && (name.group(1) == null || test.getParent().endsWith(name.group(1)));
            if (same && (name.group(3) == null || Files.readString(test).contains(" " + name.group(3) + "("))) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> tests() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path module : modules()) {
            try (Stream<Path> files = Files.walk(module.resolve("src/test/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
            }
        }
        return found;
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> poms = Files.find(ROOT, 3, (path, is) -> path.endsWith("pom.xml"))) {
            return poms.map(Path::getParent).filter(module -> Files.isDirectory(module.resolve("src/test/java"))).toList();
        }
    }
}
