package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.benchmarks.wire.Exchanges.Arrival;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodsTest {

    @Test
    void theQuickestAnswerTellsTheClockBest() {
        Streams.Offset slow = Streams.Offset.of(1000, 5000, 3000);
        Streams.Offset quick = Streams.Offset.of(10_000, 13_100, 10_200);
        assertThat(slow).isEqualTo(new Streams.Offset(3000, 1000));
        assertThat(slow.better(quick)).isEqualTo(new Streams.Offset(3000, 100)).isEqualTo(quick.better(slow));
    }

    @Test
    void aDelayIsFreeOfTheClocksDifferenceAndNeverNegative() {
        Streams.Offset ahead = new Streams.Offset(500, 10);
        assertThat(ahead.delayNanos(new Arrival(10_500, 10_300))).isEqualTo(300_000);
        assertThat(ahead.delayNanos(new Arrival(10_500, 9_999))).isZero();
    }

    @Test
    void aPaceThatIsKeptHasNoJitter() {
        assertThat(Streams.jitter(List.of(new Arrival(0, 70), new Arrival(100, 170), new Arrival(200, 290))))
                .containsExactly(0L, 20_000L);
    }

    @Test
    void ownPagesAreTheCleanAndTheDirtyOnes() {
        assertThat(Memory.Held.of(List.of("0000-ffff ---p [rollup]", "Rss:   900 kB", "Pss:             300 kB",
                "Pss_Anon: 7 kB", "Private_Clean:    10 kB", "Private_Dirty:   200 kB")))
                .isEqualTo(new Memory.Held(210 * 1024, 300 * 1024));
    }

    @Test
    void aChangedWarHoldsTheSameAndHasAnotherVersion(@TempDir Path folder) throws IOException {
        Path war = folder.resolve("a.war");
        try (OutputStream file = Files.newOutputStream(war); ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("WEB-INF/x.txt"));
            zip.write("content".getBytes());
        }
        String first = ChangedWar.of(war, folder.resolve("b.war"), "one");
        String second = ChangedWar.of(folder.resolve("b.war"), folder.resolve("c.war"), "two");
        assertThat(first).hasSize(12).isNotEqualTo(second);
        try (ZipFile changed = new ZipFile(folder.resolve("c.war").toFile())) {
            assertThat(new String(changed.getInputStream(changed.getEntry("WEB-INF/x.txt")).readAllBytes())).isEqualTo("content");
        }
    }

    @Test
    void theCommandLineIsUnderstood() {
        Options options = Options.of(Path.of("/r"), "--quick", "--only", "warm,idle", "--limit", "3", "--boots", "1",
                "--agent-attributes", "poolMin=\"8\"");
        assertThat(options.sizes()).isEqualTo(Sizes.quick().withBoots(1));
        assertThat(options.bound()).isEqualTo(Duration.ofMinutes(3));
        assertThat(options.attributes()).isEqualTo("poolMin=\"8\"");
        assertThat(options.wants("idle")).isTrue();
        assertThat(options.wants("deploy")).isFalse();
        assertThat(Options.of(Path.of("/r"), "--medium").sizes()).isEqualTo(Sizes.medium());
        assertThat(Options.of(Path.of("/r")).sizes()).isEqualTo(Sizes.full());
    }

    @Test
    void aWrongCommandLineIsRefused() {
        assertThatThrownBy(() -> Options.of(Path.of("/r"), "--fast", "1")).hasMessageContaining("--fast is unknown");
        assertThatThrownBy(() -> Options.of(Path.of("/r"), "--only")).hasMessageContaining("lacks its value");
    }

    @Test
    void thePoolsToBeFilledAreThoseOfTheConfiguration() {
        Server server = new Server(Options.of(Path.of("/r")));
        assertThat(server.poolMin("hello")).isEqualTo(1);
        assertThat(server.poolMin("bench")).isEqualTo(4);
        assertThat(new Server(Options.of(Path.of("/r"), "--agent-attributes", "poolMin=\"8\" poolMax=\"9\"")).poolMin("bench")).isEqualTo(8);
        assertThat(new Server(Options.of(Path.of("/r"), "--agent-attributes", "poolMax=\"0\"")).poolMin("hello")).isZero();
    }
}
