package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class RegistryTest extends PlatformTestBase {

    @Test
    void aSessionWaitsForAnAgentThatIsBeingMadeReady() {
        driver.failures().hold(FakeDriver.Step.PREPARE);
        start(config(hello()));
        CompletionStage<Invocation> asking = asking(ID, ALICE);
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtime("hello").statusReason()).contains("Deploying");
        });
        assertThat(platform.status().started()).isFalse();
        assertThat(asking.toCompletableFuture()).isNotDone();
        driver.failures().release(FakeDriver.Step.PREPARE);
        assertThat(get(asking).sessionId()).isEqualTo(ID);
    }

    @Test
    void newSessionsTakeTheNewVersionAndLiveOnesStay() throws IOException {
        startReady();
        FakeVm old = served(ID, ALICE);
        String first = platform.runtime("hello").digest().orElseThrow();
        war("hello.war", "version 2, longer");
        await().untilAsserted(() -> {
            platform.tick();
            assertThat(platform.runtime("hello").digest()).isNotEqualTo(Optional.of(first));
        });
        assertThat(served(ID, ALICE)).isSameAs(old);
        assertThat(platform.session("hello", ID, ALICE).digest()).isEqualTo(first);
        served(ID + "-2", ALICE);
        assertThat(platform.session("hello", ID + "-2", ALICE).digest())
                .isEqualTo(platform.runtime("hello").digest().orElseThrow());
        assertThat(driver.closedTemplates()).isEmpty();
        get(platform.stop("hello", ID, ALICE));
        await().untilAsserted(() -> assertThat(driver.closedTemplates()).hasSize(1));
    }

    @Test
    void sessionsOfARemovedAgentGoOn() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        platform.update(config());
        await().until(() -> platform.runtimes().isEmpty());
        assertThat(served(ID, ALICE)).isSameAs(vm);
        assertThat(platform.sessions("hello", ALICE)).hasSize(1);
        assertThat(refused(asking(ID + "-2", ALICE)).kind()).isEqualTo(Kind.NOT_FOUND);
    }
}
