package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.StallingFiles.Call;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random changes, failures and sessions; what must hold at any time, and that all of it settles in the end. */
@Timeout(300)
final class AgentsRandomTest extends AgentsTestBase {

    private static final int RUNS = Integer.getInteger("agentruntime.random.runs", 6);
    private static final int STEPS = 120;
    private static final List<String> NAMES = List.of("a", "b", "c");

    /** A session as it holds its lease and its VM. */
    private record Session(AgentLease lease, FakeVm vm) {}

    private final List<Session> sessions = new ArrayList<>();
    private final List<CompletionStage<AgentLease>> asked = new ArrayList<>();
    private final Set<Vm> everTaken = new HashSet<>();
    private final Map<String, AgentConfig> wanted = new TreeMap<>();
    private Random random;
    private int content;

    @Test
    void whateverHappensNothingIsLostAndAllSettles() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            long seed = Long.getLong("agentruntime.random.seed", System.nanoTime() + run);
            try {
                run(seed);
            } catch (Throwable e) {
                throw new AssertionError("Again with -Dagentruntime.random.seed=" + seed + " -Dagentruntime.random.runs=1", e);
            }
        }
    }

    private void run(long seed) throws Exception {
        random = new Random(seed);
        pool = new PoolBounds(0, 3);
        for (String name : NAMES) {
            war(name + ".war", "content " + content++);
            wanted.put(name, agent(name, files.of(folder.resolve(name + ".war"))));
        }
        configure(wanted.values().toArray(AgentConfig[]::new));
        start();
        for (int step = 0; step < STEPS; step++) {
            step();
            clock.advance(Duration.ofMillis(random.nextInt(3000)));
            agents.tick();
            assertHolds();
        }
        settle();
    }

    private void step() throws IOException {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        switch (random.nextInt(17)) {
            case 0 -> war(name + ".war", "content " + content++);
            case 1 -> Files.deleteIfExists(folder.resolve(name + ".war"));
            case 2 -> toggle(name);
            case 3 -> resize(name);
            case 4 -> driver.failures().next(FakeDriver.Step.PREPARE, failure());
            case 5 -> driver.failures().next(FakeDriver.Step.AHEAD, failure());
            case 6 -> driver.failures().next(FakeDriver.Step.START, failure());
            case 7 -> driver.failures().next(FakeDriver.Step.READ, new VmException("no meter"));
            case 8 -> driver.failures().next(FakeDriver.Step.DESTROY, new HypervisorAwayException("away"));
            case 9 -> files.stall(random.nextBoolean() ? Call.READ : Call.EVERYTHING);
            case 10 -> files.answer();
            case 11 -> driver.templateMode(random.nextBoolean() ? StartMode.BOOT : StartMode.CLONE);
            case 12 -> agents.makeRoom(random.nextInt(3) * GIB);
            case 13 -> end();
            case 14 -> relocate(name);
            default -> ask(name);
        }
        begin();
    }

    private RuntimeException failure() {
        return switch (random.nextInt(5)) {
            case 0 -> new AgentStartException("broken", List.of("line"));
            case 1 -> new HypervisorAwayException("away");
            case 2 -> new NoRoomException("no room", GIB);
            case 3 -> new TemplateLostException("lost");
            default -> new VmException("failed");
        };
    }

    private void toggle(String name) {
        if (wanted.remove(name) == null) {
            wanted.put(name, agent(name, files.of(folder.resolve(name + ".war"))));
        }
        configure(wanted.values().toArray(AgentConfig[]::new));
    }

    private void resize(String name) {
        wanted.computeIfPresent(name, (same, agent) -> agent(name, agent.location(), (1 + random.nextInt(3)) * GIB,
                random.nextInt(4) == 0 ? Sharing.TENANT : Sharing.VERSION));
        configure(wanted.values().toArray(AgentConfig[]::new));
    }

    private void relocate(String name) {
        wanted.computeIfPresent(name, (same, agent) -> {
            Path real = folder.resolve(name + ".war");
            return agent(name, random.nextBoolean() ? real : files.of(real), agent.memoryBytes(), agent.sharing());
        });
        configure(wanted.values().toArray(AgentConfig[]::new));
    }

    private void ask(String name) {
        asked.add(agents.lease(name, ""));
    }

    /** Begins a session with each lease that is there. */
    private void begin() {
        asked.removeIf(stage -> {
            if (!stage.toCompletableFuture().isDone()) {
                return false;
            }
            if (!stage.toCompletableFuture().isCompletedExceptionally()) {
                begin(stage.toCompletableFuture().join());
            }
            return true;
        });
    }

    private void begin(AgentLease lease) {
        Optional<WaitingVm> waiting = lease.takeWaiting();
        try (AgentLease.Starting starting = lease.starting()) {
            FakeVm vm = (FakeVm) waiting.map(WaitingVm::vm).orElseGet(() -> lease.start(TENANT));
            assertThat(everTaken.add(vm)).as("a VM serves one session only").isTrue();
            assertThat(vm.session()).isEmpty();
            sessions.add(new Session(lease, vm));
        } catch (VmException | AgentStartException e) {
            lease.close();
        }
    }

    private void end() {
        if (!sessions.isEmpty()) {
            Session ended = sessions.remove(random.nextInt(sessions.size()));
            ended.lease().close();
            destroy(ended.vm());
        }
    }

    /** Sessions try again until it works. */
    private static void destroy(FakeVm vm) {
        try {
            vm.destroy();
        } catch (VmException away) {
            destroy(vm);
        }
    }

    private void assertHolds() {
        assertThat(sessions).noneMatch(session -> session.vm().isDestroyed());
        assertThat(agents.views(any -> 0)).extracting(AgentRuntimeView::name).containsExactlyElementsOf(wanted.keySet());
        assertThat(agents.views(any -> 0)).allSatisfy(view -> {
            assertThat(view.digest().isPresent()).isEqualTo(view.status() == Status.READY);
            assertThat(view.status() == Status.READY || !view.statusReason().isEmpty()).isTrue();
        });
        assertThat(agents.views(any -> 0)).extracting(AgentRuntimeView::pooled).allMatch(pooled -> pooled <= 3);
    }

    /** Faults end: every agent becomes ready, whoever waited is answered, and nothing but the sessions' things is left. */
    private void settle() throws Exception {
        files.answer();
        driver.templateMode(StartMode.CLONE);
        driver.failures().clear();
        for (String name : wanted.keySet()) {
            war(name + ".war", "good " + content++);
        }
        passing(() -> assertThat(agents.views(any -> 0)).allMatch(view -> view.status() == Status.READY)
                .allMatch(view -> view.startMode().equals(Optional.of(StartMode.CLONE)))
                .allMatch(view -> view.statusReason().isEmpty()));
        for (CompletionStage<AgentLease> stage : asked) {
            stage.toCompletableFuture().handle((lease, refused) -> lease).get(5, TimeUnit.SECONDS);
        }
        begin();
        sessions.forEach(session -> session.lease().close());
        configure();
        passing(() -> {
            assertThat(driver.closedTemplates()).hasSameSizeAs(driver.prepared());
            assertThat(driver.live()).hasSize(sessions.size());
            // Where no agent lasted until its WAR was copied there is no such folder.
            assertThat(Files.exists(folder.resolve("copies")) ? entries(folder.resolve("copies")) : List.of()).isEmpty();
        });
        sessions.forEach(session -> destroy(session.vm()));
        sessions.clear();
        asked.clear();
        wanted.clear();
        agents.close();
        agents = null;
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.toList();
        }
    }

    private void passing(org.awaitility.core.ThrowingRunnable holds) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            clock.advance(Duration.ofSeconds(20));
            agents.tick();
            holds.run();
        });
    }
}
