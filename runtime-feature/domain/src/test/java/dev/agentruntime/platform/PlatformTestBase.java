package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.agents.AgentSettings;
import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.agents.Sharing;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.store.StoreSettings;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import dev.agentruntime.sessions.Limits;
import dev.agentruntime.sessions.Quotas;
import dev.agentruntime.sessions.SessionSettings;
import dev.agentruntime.store.fake.MemoryDirectory;
import dev.agentruntime.store.fake.MemoryLedger;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A whole platform over the fake driver, with a clock that tests move. */
abstract class PlatformTestBase {

    static final Caller ALICE = new Caller(new Subject("https://idp", "alice"), false);
    static final Caller BOB = new Caller(new Subject("https://idp", "bob"), false);
    static final Caller ALICE_ELSEWHERE = new Caller(new Subject("https://other", "alice"), false);
    static final Caller ADMIN = new Caller(new Subject("https://idp", "root"), true);
    static final String ID = "session-of-alice-0123456789-0123456789";

    @TempDir
    Path folder;

    final TestClock clock = new TestClock();
    FakeDriver driver = new FakeDriver();
    MemoryLedger ledger = new MemoryLedger();
    final MemoryDirectory directory = new MemoryDirectory();
    final Recorder recorder = new Recorder();
    final List<ExecutorService> pools = new ArrayList<>();
    private final List<LedgerOfRun> runs = new ArrayList<>();
    /** Rooms that offer agents. */
    volatile List<AgentOffers> offers = List.of();
    AgentPlatform platform;

    @BeforeAll
    static void lookOften() {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @BeforeEach
    void writeWar() throws IOException {
        Files.createDirectories(folder.resolve("dropins"));
        war("hello.war", "version 1");
    }

    @AfterEach
    void close() {
        for (FakeDriver.Step step : FakeDriver.Step.values()) {
            driver.failures().release(step);
        }
        if (platform != null) {
            platform.close();
        }
        pools.forEach(ExecutorService::shutdownNow);
    }

    /** What an earlier run of the server did by itself ends with it, and it writes nothing any more. */
    final void abandon() {
        runs.forEach(LedgerOfRun::end);
        List.copyOf(pools).forEach(ExecutorService::shutdownNow);
    }

    final Path war(String name, String content) throws IOException {
        Path war = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(war); ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("WEB-INF/content.txt"));
            zip.write(content.getBytes());
        }
        return war;
    }

    /** For sessions to be ended or left at the end. */
    Duration endPatience = Duration.ofSeconds(25);

    /** Without a pool unless the test has one. */
    PoolBounds pool = new PoolBounds(0, 0);

    final PlatformConfig config(AgentConfig... agents) {
        return config(new SessionSettings(new Limits(Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5),
                Duration.ofSeconds(2), Duration.ofSeconds(20)), Quotas.of(200, 100), Map.of()), agents);
    }

    final PlatformConfig config(SessionSettings sessions, AgentConfig... agents) {
        return new PlatformConfig(
                sessions,
                new AgentSettings(pool, folder.resolve("dropins"), 1L << 30, List.of(agents), folder.resolve("copies")),
                new HealthSettings(new PingPolicy(Duration.ofSeconds(5), Duration.ofSeconds(5)), ReadyWhen.STARTED), new IdentitySettings("tenant"),
                new DriverSettings("test1", "auto", "auto", "auto", folder.resolve("image"), folder.resolve("state"), 10),
                new StoreSettings("jdbc/none"));
    }

    final AgentConfig hello() {
        return agent("hello", folder.resolve("hello.war"));
    }

    static AgentConfig agent(String name, Path war) {
        return new AgentConfig(name, war, 1L << 30, 1, Optional.empty(), Sharing.VERSION);
    }

    final void start(PlatformConfig config) {
        start(config, List::of);
    }

    final void start(PlatformConfig config, Supplier<List<SessionRoom>> rooms) {
        Workers workers = new Workers(pool(), pool(), pool(), pool(), pool());
        LedgerOfRun run = new LedgerOfRun(ledger);
        runs.add(run);
        platform = new AgentPlatform(config, driver, run, directory, workers, clock.times(), rooms, () -> offers, endPatience);
        platform.listen(recorder);
        platform.watchRest(recorder);
    }

    /** With the agent hello ready. */
    final void startReady() {
        startReady(List::of);
    }

    /** The same with rooms that take part in sessions. */
    final void startReady(Supplier<List<SessionRoom>> rooms) {
        start(config(hello()), rooms);
        awaitStatus("hello", AgentRuntimeView.Status.READY);
    }

    final void awaitStatus(String runtime, AgentRuntimeView.Status status) {
        AtomicInteger looks = new AtomicInteger();
        await().untilAsserted(() -> {
            // For a database that is away the platform waits for a while.
            pass(looks.incrementAndGet() % 20 == 0 ? Duration.ofSeconds(1) : Duration.ZERO);
            assertThat(platform.runtime(runtime).status()).isEqualTo(status);
        });
    }

    /** Lets time pass in one step. */
    final void pass(Duration time) {
        clock.advance(time);
        platform.tick();
    }

    final CompletionStage<Invocation> asking(String sessionId, Caller caller) {
        return platform.invoke(new InvocationRequest("hello", Optional.of(sessionId), caller));
    }

    final Invocation invoke(String sessionId, Caller caller) {
        return get(asking(sessionId, caller));
    }

    /** Begins a session whose first request is over. */
    final FakeVm served(String sessionId, Caller caller) {
        Invocation invocation = invoke(sessionId, caller);
        invocation.close(Invocation.Outcome.SUCCESS);
        return vm(invocation.vm());
    }

    /** Begins a session that rests and whose VM stands still. */
    final FakeVm resting(String sessionId) {
        FakeVm vm = served(sessionId, ALICE);
        SessionProbe probe = platform.probes().stream().filter(session -> session.sessionId().equals(sessionId)).findFirst().orElseThrow();
        probe.ask(Duration.ofSeconds(5));
        probe.report(PingStatus.HEALTHY, "Healthy");
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return vm.isPaused();
        });
        return vm;
    }

    final FakeVm vm(String name) {
        return driver.started().stream().filter(vm -> vm.name().equals(name)).findFirst().orElseThrow();
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static RequestException refused(CompletionStage<?> stage) {
        return Assertions.catchThrowableOfType(RequestException.class, () -> get(stage));
    }

    final void awaitEnded(String sessionId, String reason) {
        await().untilAsserted(() -> {
            SessionView view = platform.session("hello", sessionId, ADMIN);
            assertThat(view.status()).isEqualTo(SessionView.Status.TERMINATED);
            assertThat(view.terminationReason()).hasValueSatisfying(text -> assertThat(text).contains(reason));
            assertThat(driver.live()).isEmpty();
        });
    }

    private ExecutorService pool() {
        ExecutorService pool = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "platform-under-test");
            thread.setDaemon(true);
            return thread;
        });
        pools.add(pool);
        return pool;
    }


    static <T> List<T> all(List<CompletionStage<T>> stages) {
        return stages.stream().map(PlatformTestBase::get).toList();
    }
}
