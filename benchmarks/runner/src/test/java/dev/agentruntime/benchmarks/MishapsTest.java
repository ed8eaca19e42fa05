package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MishapsTest {

    @TempDir
    Path folder;

    @Test
    void eachHasANameOfItsOwnWhichTheResultsAreFoundBy() {
        assertThat(mishaps()).hasSize(5).extracting(Mishap::name).doesNotHaveDuplicates().allSatisfy(name ->
                assertThat(name).isNotBlank().doesNotContain("|", "\n"));
    }

    @Test
    void whatCannotBeBroughtAboutHereSaysWhatItTakes() {
        assertThat(mishaps()).extracting(Mishap::obstacle).allSatisfy(obstacle -> assertThat(obstacle).isNotNull())
                .filteredOn(obstacle -> !obstacle.isEmpty()).allSatisfy(obstacle -> assertThat(obstacle).containsAnyOf("it takes", "no libvirtd"));
    }

    @Test
    void theSlowAgentsAreTakenFromTheBuildAndWaitInAPool() {
        Mishap slowBegins = mishaps().stream().filter(mishap -> mishap.name().contains("restore hook")).findFirst().orElseThrow();
        assertThat(slowBegins.settings()).contains("name=\"slow\"", "slow.war", "poolMin=\"8\"");
    }

    /** They are closed also where the run ended before they began. */
    @Test
    void whatWasNeverBegunIsClosedWithoutHarm() throws Exception {
        for (Mishap mishap : mishaps()) {
            if (!mishap.name().contains("drop-in")) { // it unmounts
                mishap.close();
            }
        }
    }

    private List<Mishap> mishaps() {
        return Mishaps.all(new Server(Options.of(folder)));
    }
}
