package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver.Step;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server stops while agents are prepared: whatever breaks off then is no fault. */
final class StoppedPreparationTest extends AgentsTestBase {

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.agents");

    private final List<String> alarms = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                alarms.add(line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void leave() {
        LOG.removeHandler(handler);
    }

    static List<RuntimeException> failures() {
        return List.of(new VmException("The VM died."), new HypervisorAwayException("The driver is being closed."),
                new AgentStartException("It throws.", List.of("at Agent.java:7")), new IllegalStateException("Interrupted."));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aPreparationThatTheStopBreaksOffIsNoFault(RuntimeException failure) {
        driver.failures().hold(Step.PREPARE);
        start(hello());
        ticking(() -> assertThat(view("hello").statusReason()).contains("fake guest"));
        CompletionStage<AgentLease> waiting = agents.lease("hello", "");
        agents.close();
        driver.failures().next(Step.PREPARE, failure);
        driver.failures().release(Step.PREPARE);
        await().until(waiting.toCompletableFuture()::isDone);
        assertThat(refused("hello").kind()).isEqualTo(Kind.PLATFORM);
        assertThat(refused("hello")).hasMessageContaining("being stopped");
        assertThat(alarms).isEmpty();
        assertThat(events.failures).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadWhileTheServerStopsIsNoFault() throws Exception {
        Files.writeString(folder.resolve("hello.war"), "Cut off in the midst.");
        configure(agent("hello", files.of(folder.resolve("hello.war"))));
        start();
        files.stall(StallingFiles.Call.READ);
        await().until(() -> {
            agents.tick();
            return files.hanging() > 0;
        });
        agents.close();
        files.answer();
        await().until(() -> files.hanging() == 0);
        assertThat(alarms).isEmpty();
    }

    @Test
    void theSameFailuresAreToldWhileTheServerRuns() {
        driver.failures().next(Step.PREPARE, new VmException("The VM died."));
        start(hello());
        ticking(() -> assertThat(alarms).singleElement().asString().startsWith("AGRT0013E"));
    }
}
