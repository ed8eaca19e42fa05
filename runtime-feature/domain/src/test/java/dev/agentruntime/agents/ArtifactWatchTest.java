package dev.agentruntime.agents;

import static dev.agentruntime.agents.ArtifactWatch.Finding.CHANGING;
import static dev.agentruntime.agents.ArtifactWatch.Finding.KNOWN;
import static dev.agentruntime.agents.ArtifactWatch.Finding.MISSING;
import static dev.agentruntime.agents.ArtifactWatch.Finding.NEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.AgentPaths;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ArtifactWatchTest {

    private static final AgentConfig AGENT = AgentsTestBase.agent("hello", Path.of("/agents/hello.war"));
    private static final FileStamp FIRST = new FileStamp(10, Instant.EPOCH, 1);
    private static final FileStamp SECOND = new FileStamp(11, Instant.EPOCH, 1);

    private final ArtifactWatch watch = new ArtifactWatch();

    @Test
    void anArtifactIsNewOnceItWasTheSameTwice() {
        assertThat(check(FIRST)).isEqualTo(CHANGING);
        assertThat(check(FIRST)).isEqualTo(NEW);
    }

    @Test
    void oneThatIsStillBeingCopiedIsLeftAlone() {
        assertThat(check(FIRST)).isEqualTo(CHANGING);
        assertThat(check(SECOND)).isEqualTo(CHANGING);
        assertThat(check(new FileStamp(11, Instant.EPOCH.plusSeconds(1), 1))).isEqualTo(CHANGING);
        assertThat(check(new FileStamp(11, Instant.EPOCH.plusSeconds(1), 2))).isEqualTo(CHANGING);
    }

    @Test
    void oneThatIsNotTakenStaysNew() {
        check(FIRST);
        assertThat(check(FIRST)).isEqualTo(NEW);
        assertThat(check(FIRST)).isEqualTo(NEW);
    }

    @Test
    void oneThatIsTakenIsKnownUntilItChanges() {
        taken();
        assertThat(check(FIRST)).isEqualTo(KNOWN);
        assertThat(check(SECOND)).isEqualTo(CHANGING);
        assertThat(check(SECOND)).isEqualTo(NEW);
    }

    @Test
    void anotherSizeOfTheGuestMakesItNew() {
        taken();
        assertThat(watch.check(Optional.of(FIRST), AgentsTestBase.agent("hello", AGENT.location(), 2L << 30, Sharing.VERSION)))
                .isEqualTo(NEW);
    }

    @Test
    void anotherPathOfItsPingMakesItNew() {
        taken();
        AgentConfig other = new AgentConfig("hello", AGENT.location(), AGENT.memoryBytes(), 1, Optional.empty(), Sharing.VERSION, new AgentPaths("/", "/invocations"),
                false, List.of());
        assertThat(watch.check(Optional.of(FIRST), other)).isEqualTo(NEW);
    }

    @Test
    void otherFeaturesMakeItNew() {
        taken();
        AgentConfig more = new AgentConfig("hello", AGENT.location(), AGENT.memoryBytes(), 1, Optional.empty(), Sharing.VERSION, AgentPaths.STANDARD, false, List.of("mail-2.1"));
        assertThat(watch.check(Optional.of(FIRST), more)).isEqualTo(NEW);
    }

    @Test
    void whatLiesBesideItAndComesChangesOrGoesMakesItNew() {
        taken();
        FileStamp old = FIRST.with(List.of(Optional.of(new FileStamp(5, Instant.EPOCH.minusSeconds(9), 1)), Optional.empty()));
        FileStamp older = FIRST.with(List.of(Optional.of(new FileStamp(5, Instant.EPOCH.minusSeconds(10), 1)), Optional.empty()));
        FileStamp drivers = FIRST.with(List.of(Optional.empty(), Optional.of(new FileStamp(5, Instant.EPOCH.minusSeconds(10), 1))));
        for (FileStamp stamp : List.of(old, older, drivers, FIRST)) {
            assertThat(check(stamp)).isEqualTo(CHANGING);
            assertThat(check(stamp)).isEqualTo(NEW);
            watch.take(AGENT);
        }
    }

    @Test
    void otherSharingOfItsMemoryDoesNot() {
        taken();
        assertThat(watch.check(Optional.of(FIRST), AgentsTestBase.agent("hello", AGENT.location(), 1L << 30, Sharing.TENANT)))
                .isEqualTo(KNOWN);
    }

    @Test
    void oneThatWasGoneIsNewAgain() {
        taken();
        assertThat(watch.check(Optional.empty(), AGENT)).isEqualTo(MISSING);
        assertThat(check(FIRST)).isEqualTo(CHANGING);
        assertThat(check(FIRST)).isEqualTo(NEW);
    }

    private void taken() {
        check(FIRST);
        check(FIRST);
        watch.take(AGENT);
    }

    private ArtifactWatch.Finding check(FileStamp stamp) {
        return watch.check(Optional.of(stamp), AGENT);
    }
}
