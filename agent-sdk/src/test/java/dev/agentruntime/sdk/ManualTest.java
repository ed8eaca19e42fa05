package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the manual tells people to copy is a project that is built with this one. */
class ManualTest {

    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @CsvSource({
        "docs/agent-sdk.md, xml, pom.xml",
        "docs/agent-sdk.md, java, src/main/java/com/example/Hello.java",
        "README.md, java, src/main/java/com/example/Hello.java",
    })
    void theFirstAgentOfTheManualIsTheExampleThatIsBuilt(String page, String language, String file) throws IOException {
        String text = Files.readString(ROOT.resolve(page));
        String block = "```" + language + "\n" + Files.readString(ROOT.resolve("examples/first").resolve(file)) + "```";
        assertThat(text).contains(block);
    }
}
