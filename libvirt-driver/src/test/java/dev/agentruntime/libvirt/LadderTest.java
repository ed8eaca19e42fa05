package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.runtime.spi.StartMode;
import dev.agentruntime.runtime.spi.VmException;
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
    void aDriverThatIsBeingClosedIsNoRungsFault() {
        assertThatThrownBy(() -> ladder.climb(rung -> {
            throw new NotTriedException("the driver is being closed");
        })).isInstanceOf(NotTriedException.class);
        assertThat(climb(Set.of())).isEqualTo(StartMode.PRIMED);
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
