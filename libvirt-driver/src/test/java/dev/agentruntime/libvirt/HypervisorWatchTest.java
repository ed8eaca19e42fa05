package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.DriverSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HypervisorWatchTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path image;

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private final Hypervisor hypervisor = libvirt.hypervisor(new CallLimits(SHORT, SHORT, SHORT, SHORT, SHORT));
    private final AtomicLong nanos = new AtomicLong();
    private HypervisorWatch watch;

    @BeforeEach
    void watch() {
        watch = watch(hypervisor);
    }

    private HypervisorWatch watch(Hypervisor watched) {
        DriverSettings settings = new DriverSettings("a", FakeLibvirt.URI, "auto", "auto", image, image, 10);
        return new HypervisorWatch(settings, watched, TestMachine::host, false, nanos::get);
    }

    @AfterEach
    void close() {
        hypervisor.close();
        libvirt.close();
    }

    @Test
    void whatHasNotBeenAskedIsNotReachable() {
        assertThat(watch.status().reachable()).isFalse();
        assertThat(watch.status().description()).isEqualTo("not asked yet");
    }

    @Test
    void whatAnswersIsReachableAndDescribed() throws IOException {
        for (String file : new String[] {"vmlinuz", "initrd", "rehearsal.war", "features.index", "features.zip", "image.properties"}) {
            Files.createFile(image.resolve(file));
        }
        watch.look();
        assertThat(watch.status().reachable()).isTrue();
        assertThat(watch.status().imagePresent()).isTrue();
        assertThat(watch.status().description()).isEqualTo(
                "fake:///, libvirt 9.0.0, QEMU 7.2.22, tcg: a test, CPU metered from the process");
    }

    @Test
    void aLookIsOneSmallQuestionOnceEverythingIsKnown() {
        watch.look();
        libvirt.calls();
        watch.look();
        assertThat(libvirt.calls()).containsExactly("ping");
    }

    @Test
    void aMissingImageIsSaidAndLooksGoOn() {
        watch.look();
        assertThat(watch.status().description()).contains("no guest image in " + image);
    }

    @Test
    void itIsNotReachableAfterThreeMissedLooksAndReachableAfterTheNextThatSucceeds() {
        watch.look();
        libvirt.kill();
        watch.look();
        watch.look();
        assertThat(watch.status().reachable()).isTrue();
        watch.look();
        assertThat(watch.status().reachable()).isFalse();
        assertThat(watch.status().description()).contains("Is libvirtd running?");
        libvirt.goOn();
        await().until(() -> {
            watch.look();
            return watch.status().reachable();
        });
    }

    @Test
    void whileItIsReachableItIsAskedAtEveryPeriodOnly() {
        watch.lookIfDue();
        watch.lookIfDue();
        libvirt.calls();
        nanos.addAndGet(HypervisorWatch.PERIOD.toNanos() - 1);
        watch.lookIfDue();
        assertThat(libvirt.calls()).isEmpty();
        nanos.addAndGet(1);
        watch.lookIfDue();
        assertThat(libvirt.calls()).containsExactly("ping");
    }

    @Test
    void whileItIsAwayItIsAskedAtEveryTurnSoThatItsReturnIsSeenAtTheNext() {
        watch.lookIfDue();
        libvirt.kill();
        for (int missed = 0; missed < HypervisorWatch.MOST_MISSED; missed++) {
            assertThat(watch.status().reachable()).isTrue();
            nanos.addAndGet(HypervisorWatch.PERIOD.toNanos());
            watch.lookIfDue();
        }
        assertThat(watch.status().reachable()).isFalse();
        libvirt.goOn();
        await().until(() -> {
            nanos.addAndGet(HypervisorWatch.PERIOD_AWAY.toNanos());
            watch.lookIfDue();
            return watch.status().reachable();
        });
        assertThat(Duration.ofNanos(nanos.get())).isLessThan(HypervisorWatch.PERIOD.multipliedBy(HypervisorWatch.MOST_MISSED + 1));
    }

    @Test
    void untilItHasAnsweredForTheFirstTimeItIsAskedAtEveryTurn() {
        libvirt.kill();
        watch.lookIfDue();
        assertThat(watch.status().reachable()).isFalse();
        libvirt.goOn();
        await().until(() -> {
            watch.lookIfDue();
            return watch.status().reachable();
        });
        assertThat(nanos).hasValue(0);
    }

    @Test
    void aRestartBetweenTwoLooksIsNotSeen() {
        watch.look();
        libvirt.kill();
        watch.look();
        libvirt.goOn();
        await().until(() -> {
            watch.look();
            return libvirt.calls().contains("ping");
        });
        assertThat(watch.status().reachable()).isTrue();
    }

    @Test
    void itIsNotReachableWhileALookTakesTooLong() throws Exception {
        try (Hypervisor slow = libvirt.hypervisor(new CallLimits(LONG, LONG, LONG, LONG, LONG))) {
            HypervisorWatch patient = watch(slow);
            patient.look();
            libvirt.calls();
            libvirt.stop();
            CompletableFuture<Void> look = CompletableFuture.runAsync(patient::look);
            await().until(() -> libvirt.calls().contains("ping"));
            assertThat(patient.status().reachable()).isTrue();
            nanos.addAndGet(HypervisorWatch.LONGEST_LOOK.plusSeconds(1).toNanos());
            assertThat(patient.status().reachable()).isFalse();
            assertThat(patient.status().description()).contains("has not answered for 10 s");
            libvirt.goOn();
            look.get();
            assertThat(patient.status().reachable()).isTrue();
        }
    }

    @Test
    void aLookThatTookTooLongAndFailedCountsAsThree() {
        watch.look();
        libvirt.kill();
        HypervisorWatch slow = new HypervisorWatch(new DriverSettings("a", FakeLibvirt.URI, "auto", "auto", image, image, 10), hypervisor,
                TestMachine::host, false, () -> nanos.addAndGet(HypervisorWatch.LONGEST_LOOK.toNanos() + 1));
        libvirt.goOn();
        await().until(() -> {
            slow.look();
            return slow.status().reachable();
        });
        libvirt.kill();
        slow.look();
        assertThat(slow.status().reachable()).isFalse();
    }

    @Test
    void anErrorOfTheNativeLibraryEndsNoLooks() {
        Hypervisor broken = new Hypervisor(java.util.List.of(FakeLibvirt.URI), uri -> {
            throw new java.lang.Error("Invalid memory access");
        }, new CallLimits(SHORT, SHORT, SHORT, SHORT, SHORT));
        HypervisorWatch watching = watch(broken);
        watching.look();
        assertThat(watching.status().description()).contains("Invalid memory access");
        broken.close();
    }
}
