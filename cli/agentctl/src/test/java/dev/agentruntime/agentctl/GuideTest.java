package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the guide has people copy is the archetype's, which {@link CreateTest} compiles and runs, and commands that there are. */
class GuideTest {

    private static final Path GUIDE = Path.of("../../docs/agent-guide.md");

    @ParameterizedTest
    @ValueSource(strings = {"src/main/java/Agent.java", "src/main/java/WorldClock.java", "src/test/java/AgentTest.java", "src/test/java/AgentIT.java"})
    void itsCodeIsTheArchetypes(String file) throws IOException {
        assertThat(Files.readString(GUIDE)).contains("```java\n" + new Archetype("com.example", "my-agent", "com.example.myagent").filled(file) + "```");
    }

    @Test
    void itsCommandLinesAreUnderstood() throws IOException {
        CommandLine line = Agentctl.commandLine(Surroundings.ofProcess());
        List<String> commands = Stream.of(GUIDE, Path.of("../archetype/src/main/resources/archetype-resources/README.md"))
                .flatMap(GuideTest::commands).toList();
        assertThat(commands).hasSizeGreaterThan(14);
        for (String command : commands) {
            String[] words = Pattern.compile("'[^']*'|\\S+").matcher(command).results().map(MatchResult::group).map(word -> word.replace("'", "")).toArray(String[]::new);
            line.parseArgs(words); // throws
        }
    }

    private static Stream<String> commands(Path page) {
        try {
            return Pattern.compile("(?m)(?:^|`)agentctl ([^`\\n&#]+)").matcher(Files.readString(page)).results().map(found -> found.group(1).strip());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
