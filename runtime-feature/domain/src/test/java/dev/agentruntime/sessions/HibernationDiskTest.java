package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.NoDiskRoomException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.fake.FakeDriver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HibernationDiskTest {

    private static final long MIB = 1L << 20;

    private final FakeDriver driver = new FakeDriver();
    private final HibernationDisk disk = new HibernationDisk(() -> 16 * MIB);

    private Vm paused() {
        Vm vm = driver.prepare(new AgentSpec("echo", new Artifact(Artifact.Kind.WAR, Path.of("echo.war"), "ab".repeat(32)), 1L << 30, 1), step -> { })
                .start();
        vm.begin(new SessionStart("session-1", Map.of(), List.of()));
        vm.pause();
        return vm;
    }

    @Test
    void oneSessionMayTakeAQuarterAndIsToldSoWhereThatIsTooLittle() {
        driver.snapshotBytes(4 * MIB + 1);
        assertThatThrownBy(() -> disk.save(paused())).isInstanceOf(NoDiskRoomException.class)
                .hasMessageEndingWith("(hibernationDisk of <agentRuntime> is 16 MiB; one session may take a quarter of that, and no more than is left)");
        assertThat(disk.taken()).isZero();
        driver.snapshotBytes(4 * MIB);
        disk.save(paused());
        assertThat(disk.taken()).isEqualTo(4 * MIB);
    }

    @Test
    void nothingIsWrittenWhereNothingIsLeftAndSomethingAgainOnceAFileIsGone() {
        driver.snapshotBytes(4 * MIB);
        List<Snapshot> four = IntStream.range(0, 4).mapToObj(i -> disk.save(paused())).toList();
        assertThatThrownBy(() -> disk.save(paused())).isInstanceOf(NoDiskRoomException.class).hasMessageContaining("sessions take all of it already");
        disk.drop(four.get(0));
        assertThat(disk.taken()).isEqualTo(12 * MIB);
        disk.save(paused());
        assertThat(driver.snapshots()).hasSize(4);
    }

    @Test
    void whatAnEarlierRunHasPutThereCountsEvenWhereItIsMoreThanMayBeThereNow() {
        driver.snapshotBytes(4 * MIB);
        HibernationDisk smaller = new HibernationDisk(() -> 3 * MIB);
        Snapshot found = disk.save(paused());
        smaller.found(found);
        assertThatThrownBy(() -> smaller.save(paused())).isInstanceOf(NoDiskRoomException.class);
        smaller.drop(found);
        assertThat(smaller.taken()).isZero();
    }
}
