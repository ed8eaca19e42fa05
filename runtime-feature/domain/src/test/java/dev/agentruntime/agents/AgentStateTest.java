package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.agents.AgentState.Work;
import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.fake.FakeDriver;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AgentStateTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final AgentConfig AGENT = AgentsTestBase.agent("hello", Path.of("/agents/hello.war"));
    private static final Optional<FileStamp> FIRST = Optional.of(new FileStamp(1, Instant.EPOCH, 1));
    private static final Optional<FileStamp> SECOND = Optional.of(new FileStamp(2, Instant.EPOCH, 1));

    private final AgentState state = new AgentState(AGENT);
    private final FakeDriver driver = new FakeDriver();
    private int deleted;

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void oneThingIsDoneAtATime() {
        assertThat(due(FIRST)).isEqualTo(Work.READING);
        assertThat(due(SECOND)).isEqualTo(Work.NONE);
        assertThat(state.endReading(AGENT)).isTrue();
        state.preparing(NOW);
        assertThat(due(SECOND)).isEqualTo(Work.NONE);
        state.ready(version("a"), NOW).run();
        assertThat(due(SECOND)).isEqualTo(Work.READING);
    }

    @Test
    void aPreparationWithoutEndIsToldAfterAnHourAndServesWhenItEndsAfterAll() {
        due(FIRST);
        CompletableFuture<AgentLease> waiting = state.lease().toCompletableFuture();
        assertThat(state.endReading(AGENT)).isTrue();
        state.preparing(NOW);
        state.step("waiting for the base template");
        Instant hour = NOW.plus(AgentState.LONGEST_PREPARATION);
        assertThat(state.late(hour.minusMillis(1))).isEmpty();
        assertThat(state.view(0).status()).isEqualTo(Status.CREATING);
        state.late(hour).orElseThrow().run();
        assertThat(state.late(hour)).as("told once").isEmpty();
        assertThat(refusal(waiting).kind()).isEqualTo(Kind.PLATFORM);
        assertThat(refusal(state.lease().toCompletableFuture())).hasMessageContaining("for 60 minutes");
        assertThat(state.view(0).status()).isEqualTo(Status.CREATE_FAILED);
        assertThat(state.view(0).statusReason()).contains("waiting for the base template");
        assertThat(state.tried()).isTrue();
        state.ready(version("a"), hour).run();
        assertThat(state.view(0).status()).isEqualTo(Status.READY);
        assertThat(state.lease().toCompletableFuture()).isCompleted();
        assertThat(state.late(hour.plus(Duration.ofDays(1)))).isEmpty();
    }

    @Test
    void theNextPreparationHasItsOwnHour() {
        due(FIRST);
        assertThat(state.endReading(AGENT)).isTrue();
        state.preparing(NOW);
        Instant hour = NOW.plus(AgentState.LONGEST_PREPARATION);
        state.late(hour).orElseThrow().run();
        state.failedByPlatform("the hypervisor is away", hour).run();
        assertThat(state.view(0).statusReason()).isEqualTo("the hypervisor is away");
        assertThat(due(FIRST, hour.plus(Duration.ofMinutes(5)))).isEqualTo(Work.READING);
        assertThat(state.endReading(AGENT)).isTrue();
        state.preparing(hour);
        assertThat(state.view(0).status()).isEqualTo(Status.CREATING);
        assertThat(state.late(hour.plus(Duration.ofMinutes(59)))).isEmpty();
    }

    @Test
    void whoAsksWaitsWhileSomethingIsDoneAndIsRefusedWhenItFailed() {
        CompletableFuture<AgentLease> first = state.lease().toCompletableFuture();
        due(FIRST);
        Runnable told = state.failedByAgent("broken", List.of("line"), NOW);
        assertThat(first).isNotDone();
        told.run();
        assertThat(refusal(first).kind()).isEqualTo(Kind.AGENT);
        assertThat(refusal(state.lease().toCompletableFuture()).log()).containsExactly("line");
        assertThat(state.view(0).status()).isEqualTo(Status.CREATE_FAILED);
        assertThat(state.tried()).isTrue();
    }

    @Test
    void theAgentsFaultIsNotTriedAgainWithoutAnotherArtifactAndThePlatformsIs() {
        due(FIRST);
        state.failedByAgent("broken", List.of(), NOW).run();
        assertThat(due(FIRST, NOW.plus(Duration.ofDays(1)))).isEqualTo(Work.NONE);
        assertThat(due(SECOND)).isEqualTo(Work.READING);
        state.failedByPlatform("away", NOW).run();
        assertThat(due(SECOND, NOW.plusSeconds(9))).isEqualTo(Work.NONE);
        assertThat(due(SECOND, NOW.plusSeconds(10))).isEqualTo(Work.READING);
        state.failedByPlatform("away", NOW).run();
        assertThat(due(SECOND, NOW.plusSeconds(19))).isEqualTo(Work.NONE);
        assertThat(due(SECOND, NOW.plusSeconds(20))).isEqualTo(Work.READING);
    }

    @Test
    void aSuccessBeginsThePausesAnew() {
        due(FIRST);
        state.failedByPlatform("away", NOW).run();
        state.failedByPlatform("away", NOW).run();
        ready("a");
        due(SECOND);
        state.failedByPlatform("away", NOW).run();
        assertThat(due(SECOND, NOW.plusSeconds(10))).isEqualTo(Work.READING);
    }

    @Test
    void whatIsReadFromAPlaceThatDoesNotCountAnyMoreIsNotWanted() {
        due(FIRST);
        AgentConfig moved = AgentsTestBase.agent("hello", Path.of("/elsewhere/hello.war"));
        state.configure(moved);
        assertThat(state.endReading(AGENT)).isFalse();
        state.due(moved, SECOND, NOW);
        assertThat(state.due(moved, SECOND, NOW)).isEqualTo(Work.READING);
        assertThat(state.endReading(AGENT)).isFalse();
        assertThat(state.endReading(moved)).isTrue();
    }

    @Test
    void whatIsReadForAnAgentThatIsRemovedIsNotWanted() {
        due(FIRST);
        state.remove().run();
        assertThat(state.endReading(AGENT)).isFalse();
    }

    @Test
    void aVersionThatBecomesReadyAfterTheRemovalIsRetired() {
        state.remove().run();
        ready("a");
        assertThat(state.serving()).isEmpty();
        assertThat(deleted).isEqualTo(1);
    }

    @Test
    void aLossIsOfTheVersionThatServesOnly() {
        AgentVersion old = ready("a");
        AgentVersion serving = ready("b");
        assertThat(state.lost(old, "gone", NOW)).isFalse();
        assertThat(state.serving()).hasValue(serving);
        assertThat(state.renew(NOW)).isEmpty();
        assertThat(state.lost(serving, "gone", NOW)).isTrue();
        assertThat(state.view(0).statusReason()).contains("lost (gone)");
        assertThat(state.renew(NOW)).map(Renewal::spec).hasValue(serving.spec());
        assertThat(state.renew(NOW)).isEmpty();
    }

    @Test
    void anArtifactThatIsMissingIsNewsOnce() {
        assertThat(state.missing(AGENT, "There is none.", NOW)).isPresent();
        assertThat(state.missing(AGENT, "There is none.", NOW)).isEmpty();
        ready("a");
        assertThat(state.missing(AGENT, "There is none.", NOW)).isPresent();
        assertThat(state.view(0).status()).isEqualTo(Status.READY);
    }

    @Test
    void aCheckThatHangsIsNoReasonToRefuseWhileTheDriverWorks() {
        due(FIRST);
        state.preparing(NOW);
        CompletableFuture<AgentLease> waiting = state.lease().toCompletableFuture();
        state.hangs(AGENT.location(), Duration.ofSeconds(5)).run();
        assertThat(waiting).isNotDone();
        assertThat(state.lease().toCompletableFuture()).isNotDone();
        ready("a");
        assertThat(waiting).isCompleted();
        assertThat(state.view(0).statusReason()).contains("has not answered for 5 s");
    }

    private Work due(Optional<FileStamp> stamp) {
        return due(stamp, NOW);
    }

    /** After two checks, which find the same. */
    private Work due(Optional<FileStamp> stamp, Instant now) {
        Work first = state.due(AGENT, stamp, now);
        return first == Work.NONE ? state.due(AGENT, stamp, now) : first;
    }

    private AgentVersion ready(String digit) {
        AgentVersion version = version(digit);
        state.ready(version, NOW).run();
        return version;
    }

    private AgentVersion version(String digit) {
        AgentSpec spec = new AgentSpec("hello", new Artifact(Artifact.Kind.WAR, Path.of("copy"), digit.repeat(64)), 1L << 30, 1);
        AgentContext context = new AgentContext(Clock.fixed(NOW, ZoneOffset.UTC),
                new AgentExecutors(Runnable::run, Runnable::run, Runnable::run, Runnable::run),
                () -> new AgentSettings(new PoolBounds(0, 0), Path.of("dropins"), 1L << 30, List.of(AGENT), Path.of("copies")),
                event -> { }, new FillSlots(2), new VmDisposal(Clock.fixed(NOW, ZoneOffset.UTC), Runnable::run, event -> { }));
        return new AgentVersion(spec, new StoredArtifact(spec.artifact(), Optional.empty(), Optional.empty(), () -> deleted++), driver.prepare(spec, step -> { }),
                context, (lost, why) -> { });
    }

    private static RequestException refusal(CompletableFuture<AgentLease> lease) {
        return Assertions.catchThrowableOfType(RequestException.class, () -> AgentsTestBase.get(lease));
    }
}
