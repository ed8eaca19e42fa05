package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerFiguresTest {

    private static final String HISTOGRAM = """
            4711:
             num     #instances         #bytes  class name (module)
            -------------------------------------------------------
               1:          1234          56789  [B (java.base@17.0.1)
               2:             3             72  Total (of.somebody)
            Total          1237          56861
            """;

    @Test
    void theSumOfLiveObjectsIsRead() {
        assertThat(ServerFigures.total(HISTOGRAM)).isEqualTo(56861);
    }

    @Test
    void aVirtualMachineThatTellsNoSumIsNotTakenForAnEmptyOne() {
        assertThatThrownBy(() -> ServerFigures.total("4711 not found")).isInstanceOf(AssertionError.class).hasMessageContaining("4711 not found");
    }

    @Test
    void oneLineTellsAllOfIt() {
        assertThat(new ServerFigures(1, 2, 3 << 10, List.of("a", "b"), 5).text())
                .isEqualTo("1 handles, 2 threads, 3 KiB of live heap, 2 names on the host, 5 files");
    }
}
