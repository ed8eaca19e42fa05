package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.benchmarks.wire.Drawn;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstAnswerTest {

    private static Drawn at(long wallMicros, long tickMicros) {
        return new Drawn(wallMicros, tickMicros, "uuid", 1, -2);
    }

    @Test
    void aClockThatIsRightAtOnceHasNoError() {
        FirstAnswer answer = answer(at(1_000_000, 50), at(1_400_000, 400_050));
        assertThat(answer.clock()).isEqualTo(new Streams.Offset(0, 1000));
        assertThat(answer.clockErrorNanos()).isZero();
    }

    @Test
    void aClockThatIsPutRightAfterTheFirstAnswerWasWrongInIt() {
        assertThat(answer(at(700_000, 50), at(1_400_000, 400_050)).clockErrorNanos()).isEqualTo(300_000_000);
    }

    @Test
    void whatWasDrawnPassesTheWire() {
        Drawn drawn = at(1, 2);
        assertThat(Drawn.of(drawn.line() + "\n")).isEqualTo(drawn);
    }

    private static FirstAnswer answer(Drawn first, Drawn next) {
        return new FirstAnswer("session", 1, List.of(first, next), FirstAnswer.clock(first, next, 1_399_000, 1_401_000));
    }
}
