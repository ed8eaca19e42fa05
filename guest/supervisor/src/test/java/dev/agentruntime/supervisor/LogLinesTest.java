package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogLinesTest {

    private static List<String> encoded(String... lines) {
        LogLines encoder = new LogLines();
        return IntStream.range(0, lines.length).mapToObj(n -> encoder.encoded(new LogRing.Line(n, 1000 + n, lines[n]))).toList();
    }

    @Test
    void whatTheAgentPrintsIsToldFromWhatLibertySays() {
        assertThat(encoded(
                "[5/6/31, 7:08:39:427 GMT] 00000014 id=00000000 SystemOut                                                    O hello",
                "[5/6/31, 7:08:39:428 GMT] 00000014 id=00000000 SystemErr                                                    R oh",
                "[5/6/31, 7:08:39:429 GMT] 00000014 id=7f3a1b2c .ibm.ws.app.manager.AppMessageHelper                         A CWWKZ0001I: Started.",
                "[5/6/31, 7:08:39:430 GMT] 00000014 id=00000000 com.example.Shop                                             W out of tea"))
                .containsExactly("0 1000 O hello", "1 1001 R oh", "2 1002 A CWWKZ0001I: Started.", "3 1003 W com.example.Shop: out of tea");
    }

    @Test
    void whatTheAgentPrintsStandsAsItHasPrintedIt() {
        assertThat(encoded("[5/6/31, 7:08:39:427 GMT] 00000014 id=00000000 SystemOut                                                    O  hello",
                "[5/6/31, 7:08:39:428 GMT] 00000014 id=00000000 SystemErr                                                    R      at a.B",
                "[5/6/31, 7:08:39:427 GMT] 00000014 id=00000000 SystemOut                                                    O "))
                .containsExactly("0 1000 O hello", "1 1001 R     at a.B", "2 1002 O ");
    }

    @Test
    void aLineThatGoesOnHasTheLevelOfTheRecordItBelongsTo() {
        assertThat(encoded("[WARNING ] a", "\tat b.C(D.java:1)", "[err] e", "f", "supervisor: g", "h"))
                .containsExactly("0 1000 W a", "1 1001 W \tat b.C(D.java:1)", "2 1002 R e", "3 1003 R f", "4 1004 - supervisor: g", "5 1005 - h");
    }

    @Test
    void whatBelongsToNoRecordHasNoLevel() {
        assertThat(encoded("Terminating due to java.lang.OutOfMemoryError: Java heap space", "")).containsExactly(
                "0 1000 - Terminating due to java.lang.OutOfMemoryError: Java heap space", "1 1001 - ");
    }
}
