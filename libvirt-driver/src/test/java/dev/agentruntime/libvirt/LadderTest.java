package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.VmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LadderTest {

    private final Ladder ladder = Ladder.ofClones("hello");
    private final List<StartMode> tried = new ArrayList<>();

    @Test
    void theBestRungIsTaken() {
        assertThat(climb(Set.of())).isEqualTo(StartMode.PRIMED);
        assertThat(tried).containsExactly(StartMode.PRIMED);
    }

    @Test
    void aRungThatFailsIsSkippedAndLeftOutNextTime() {
        assertThat(climb(Set.of(StartMode.PRIMED))).isEqualTo(StartMode.LOADED);
        assertThat(climb(Set.of())).isEqualTo(StartMode.LOADED);
        assertThat(tried).containsExactly(StartMode.PRIMED, StartMode.LOADED, StartMode.LOADED);
    }

    @Test
    void whereNoRungWorksTheFirstFailureIsToldAndTheNextClimbBeginsAtTheTop() {
        assertThatThrownBy(() -> climb(Set.of(StartMode.values()))).isInstanceOf(VmException.class).hasMessageContaining("PRIMED");
        assertThat(climb(Set.of())).isEqualTo(StartMode.PRIMED);
    }

    @Test
    void whatPassesAndALostTemplateAreNoRungsFault() {
        for (VmException passing : List.of(new HypervisorAwayException("libvirtd is away"), new NoRoomException("no room", 1),
                new TemplateLostException("gone"))) {
            assertThatThrownBy(() -> ladder.climb(rung -> {
                throw passing;
            })).isSameAs(passing);
            assertThat(climb(Set.of())).isEqualTo(StartMode.PRIMED);
        }
    }

    @Test
    void thePropertyLeavesRungsOut() {
        withProperty("shell, loaded", () -> {
            Ladder some = Ladder.ofClones("hello");
            assertThat(some.<StartMode>climb(rung -> rung)).isEqualTo(StartMode.LOADED);
        });
    }

    @Test
    void aPropertyThatNamesNoRungIsRefusedByName() {
        for (String wrong : List.of("", "ladder", "primed,boot")) {
            withProperty(wrong, () -> assertThatThrownBy(() -> Ladder.ofClones("hello")).isInstanceOf(VmException.class)
                    .hasMessageContaining(Ladder.RUNGS).hasMessageContaining("'" + wrong + "'"));
        }
    }

    private static void withProperty(String value, Runnable test) {
        System.setProperty(Ladder.RUNGS, value);
        try {
            test.run();
        } finally {
            System.clearProperty(Ladder.RUNGS);
        }
    }

    private StartMode climb(Set<StartMode> failing) {
        return ladder.climb(rung -> {
            tried.add(rung);
            if (failing.contains(rung)) {
                throw new VmException(rung + " does not work");
            }
            return rung;
        });
    }
}
