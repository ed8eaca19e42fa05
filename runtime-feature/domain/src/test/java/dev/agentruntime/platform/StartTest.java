package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What can go wrong while a session gets its VM. */
final class StartTest extends PlatformTestBase {

    @Test
    void aDeathThatFindsNoThreadEndsItsSessionAllTheSame() {
        // Without threads nothing comes to its end when the platform is closed after the test.
        endPatience = Duration.ofMillis(300);
        startReady();
        FakeVm vm = served(ID, ALICE);
        pools.get(0).shutdownNow();
        vm.die("killed");
        assertThat(platform.session("hello", ID, ALICE).terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("killed"));
    }

    @Test
    void aVmThatDiesWhileItBeginsIsReplaced() {
        startReady();
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> driver.live().size() == 1);
        FakeVm first = driver.live().get(0);
        first.die("QEMU was killed by signal 9.");
        driver.failures().release(FakeDriver.Step.BEGIN);
        assertThat(get(asking).vm()).isNotEqualTo(first.name());
        await().until(first::isDestroyed);
        assertThat(driver.live()).hasSize(1);
    }

    @Test
    void aVmThatIsNotMadeIsTriedOnceMore() {
        startReady();
        driver.failures().next(FakeDriver.Step.START, new VmException("QEMU was killed by signal 9."));
        assertThat(invoke(ID, ALICE).vm()).isNotBlank();
    }

    @Test
    void aVmThatDiesTwiceIsNotTriedAThirdTime() {
        startReady();
        driver.failures().always(FakeDriver.Step.BEGIN, () -> {
            driver.live().forEach(vm -> vm.die("killed"));
            return new VmException("The guest is gone.");
        });
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.PLATFORM);
        assertThat(driver.started()).hasSize(2);
        await().until(() -> driver.live().isEmpty());
    }

    @Test
    void aVmThatDiedAndCannotBeDestroyedYetIsDestroyedWithTheSession() {
        startReady();
        driver.failures().hold(FakeDriver.Step.BEGIN);
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().until(() -> driver.live().size() == 1);
        driver.failures().next(FakeDriver.Step.DESTROY, new VmException("The file x is left."));
        driver.live().get(0).die("killed");
        driver.failures().release(FakeDriver.Step.BEGIN);
        get(asking);
        assertThat(driver.live()).hasSize(2);
        get(platform.stop("hello", ID, ALICE));
        assertThat(driver.live()).isEmpty();
    }

    @Test
    void aHostWithoutRoomIsToldWithTheFigure() {
        startReady();
        driver.failures().next(FakeDriver.Step.START, new NoRoomException("1024 MB are needed.", 300L << 20));
        assertThat(refused(asking(ID, ALICE))).hasMessageContaining("300 MB are missing")
                .extracting(RequestException::kind).isEqualTo(Kind.QUOTA);
    }

    @Test
    void aLostTemplateIsToldAsSomethingThatPasses() {
        startReady();
        driver.failures().next(FakeDriver.Step.START, new TemplateLostException("The file ram of template x is too short."));
        assertThat(refused(asking(ID, ALICE))).hasMessageContaining("Ask again")
                .extracting(RequestException::kind).isEqualTo(Kind.RETRYABLE_CONFLICT);
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(driver.prepared()).hasSize(2);
        });
        await().untilAsserted(() -> assertThat(invoke(ID, ALICE).vm()).isNotBlank());
    }

    @Test
    void aDriverThatBreaksFailsTheStartAndNothingElse() {
        startReady();
        driver.failures().next(FakeDriver.Step.BEGIN, new IllegalStateException("A closed connection."));
        assertThat(refused(asking(ID, ALICE)).kind()).isEqualTo(Kind.PLATFORM);
        await().until(() -> driver.live().isEmpty());
        assertThat(invoke(ID, ALICE).vm()).isNotBlank();
    }

    @Test
    void textOfAGuestIsCleanInWhatCallersAreTold() {
        startReady();
        driver.failures().next(FakeDriver.Step.BEGIN, new VmException("bad\u0000news\nAGRT9999E forged" + "x".repeat(9_000)));
        RequestException refusal = refused(asking(ID, ALICE));
        assertThat(refusal.getMessage()).contains("bad news AGRT9999E forged").doesNotContainPattern("\\p{Cntrl}").hasSizeLessThan(1_100);
        awaitEnded(ID, "bad news");
        assertThat(ledger.rows()).allSatisfy(row ->
                assertThat(row.view().terminationReason().orElseThrow()).doesNotContainPattern("\\p{Cntrl}"));
        pass(Duration.ofSeconds(1));
    }
}
