package dev.agentruntime.spi.fake;

import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.VmException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes a fake driver late, hang and fail, at random from a seed: a step fails before it is taken, or after, when its caller
 * cannot know. Thread-safe; with many threads the seed brings back the mixture, not each event.
 */
public final class Chaos {

    private static final Set<FakeDriver.Step> MAY_BE_LOST =
            Set.of(FakeDriver.Step.PAUSE, FakeDriver.Step.RESUME, FakeDriver.Step.DESTROY);

    private final Random random;
    private final CountDownLatch calm = new CountDownLatch(1);

    public Chaos(long seed) {
        random = new Random(seed);
    }

    /** Ends it: what hangs goes on, and nothing fails from now on. */
    public void calm() {
        calm.countDown();
    }

    void before(FakeDriver.Step step) {
        strike(step, 100);
    }

    void after(FakeDriver.Step step) {
        if (MAY_BE_LOST.contains(step)) {
            strike(step, 200);
        }
    }

    private void strike(FakeDriver.Step step, int sides) {
        if (calm.getCount() == 0) {
            return;
        }
        int roll = roll(sides);
        if (roll < 20) {
            await(roll(20));
        } else if (roll < 22) {
            await(roll(400));
        } else if (roll < 32) {
            failure(step, roll).ifPresent(thrown -> {
                throw thrown;
            });
        }
    }

    private Optional<RuntimeException> failure(FakeDriver.Step step, int roll) {
        boolean starts = step == FakeDriver.Step.START || step == FakeDriver.Step.AHEAD;
        return switch (roll) {
            case 22, 23, 24, 25 -> Optional.of(new HypervisorAwayException("The fake hypervisor is away at " + step + "."));
            case 26, 27 -> Optional.of(new VmException("The fake VM failed at " + step + "."));
            case 28 -> Optional.of(new IllegalStateException("The fake driver broke at " + step + "."));
            case 29 -> starts ? Optional.of(new NoRoomException("No memory on the fake host.", 1 << 20)) : Optional.empty();
            case 30 -> starts ? Optional.of(new TemplateLostException("The fake template is gone.")) : Optional.empty();
            default -> starts ? Optional.of(new AgentStartException("The fake agent broke.", List.of("line"))) : Optional.empty();
        };
    }

    private synchronized int roll(int sides) {
        return random.nextInt(sides);
    }

    private void await(int millis) {
        try {
            calm.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
