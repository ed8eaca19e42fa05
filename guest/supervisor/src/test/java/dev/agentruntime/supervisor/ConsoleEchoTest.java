package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleEchoTest {
    private static final String PREFIX = "[11/26/26, 3:48:34:495 UTC] 00000041 id=         com.acme.Agent                                               ";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ConsoleEcho echo = new ConsoleEcho(new PrintStream(printed, true, StandardCharsets.UTF_8));

    private List<String> console() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"W the shelf is full", "E no database", "F dead", "A CWWKF0011I: ready", "O printed by the agent", "R printed as an error"})
    void whatTheAgentPrintsAndWarningsAndFailuresAreOnTheConsole(String record) {
        echo.line(PREFIX + record);
        assertThat(console()).containsExactly(PREFIX + record);
    }

    @Test
    void aLineOfTheAgentIsKnownByItsLevelThoughItHasNoLogger() {
        String line = "[11/26/26, 3:49:15:487 UTC] 0000004c id=                                                                      O hello";
        echo.line(line);
        assertThat(console()).containsExactly(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"I Agent ready", "1 finest", "> entry"})
    void whatIsOnlyForInformationIsNot(String record) {
        echo.line(PREFIX + record);
        assertThat(console()).isEmpty();
    }

    @Test
    void aStackTraceFollowsItsErrorAndNothingElse() {
        List.of(PREFIX + "E broken", "java.io.IOException: broken", "\tat com.acme.Agent.run(Agent.java:7)", PREFIX + "I fine", "more of it")
                .forEach(echo::line);
        assertThat(console()).containsExactly(PREFIX + "E broken", "java.io.IOException: broken", "\tat com.acme.Agent.run(Agent.java:7)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[ERROR   ] CWWKZ0002E: no", "[WARNING ] careful", "[AUDIT   ] CWWKE0001I: launched", "[err] printed",
            "supervisor: The agent's JVM has ended", "[hygiene] lost", "Terminating due to java.lang.OutOfMemoryError: Java heap space"})
    void otherFormsOfTheseLinesAreKnownToo(String line) {
        echo.line(line);
        assertThat(console()).containsExactly(line);
    }

    @Test
    void whatIsOnlyRehearsedLeavesNoWordThere() {
        List.of(PREFIX + "O rehearsal: a line", PREFIX + "R rehearsal: a line", "[err] rehearsal: a line", RehearsedLines.LAST).forEach(echo::line);
        assertThat(console()).containsExactly("");
    }

    @Test
    void anAgentThatPrintsWithoutEndGetsItsShareAndAWordAboutTheRest() {
        for (int i = 0; i < 5000; i++) {
            echo.line(PREFIX + "O line " + i + "x".repeat(1000));
        }
        assertThat(console()).hasSizeLessThan(1000).anyMatch(line -> line.startsWith("supervisor: more than 50 lines a second"))
                .allMatch(line -> line.length() < 500);
    }
}
