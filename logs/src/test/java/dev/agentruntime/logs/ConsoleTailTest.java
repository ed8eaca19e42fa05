package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTailTest {

    private static final String HEAD = "[11/26/26, 10:00:00:123 UTC] 0000002a id=00000000 ";

    private static List<String> missing(List<String> logged, String... console) {
        return ConsoleTail.missing(List.of(console), logged);
    }

    @Test
    void whatWasLoggedIsNotSaidTwice() {
        assertThat(missing(List.of("out of tea", "at a.B.c(B.java:1)", "CWWKE0001I: started", "a.Logger: careful", "  indented"),
                HEAD + "SystemOut O out of tea", "\tat a.B.c(B.java:1)\r", HEAD + "com.ibm.Kernel A CWWKE0001I: started",
                HEAD + "a.Logger W careful", HEAD + "SystemErr R   indented", HEAD + "SystemOut O ", "")).isEmpty();
    }

    @Test
    void whatTheGuestHasCutIsKnownByItsBeginning() {
        String text = "x".repeat(1000);
        assertThat(missing(List.of(text, "a.Logger: " + text), HEAD + "SystemOut O " + "x".repeat(300) + "…", HEAD + "a.Logger W " + "x".repeat(200) + "…"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"e", " ", "", "panic", "Kernel panic", "not syncing", "[  3.0] Kernel", "…"})
    void anAgentDoesNotHideWhatItsVmSaysByLoggingAPieceOfIt(String logged) {
        assertThat(missing(List.of(logged), "[  3.0] Kernel panic - not syncing", HEAD + "SystemErr R a Kernel panic"))
                .containsExactly("[  3.0] Kernel panic - not syncing", HEAD + "SystemErr R a Kernel panic");
    }
}
