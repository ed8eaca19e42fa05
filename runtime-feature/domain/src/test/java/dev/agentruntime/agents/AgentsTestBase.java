package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import dev.agentruntime.spi.fake.ManualClock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Agents over the fake driver, with a clock that tests move. */
abstract class AgentsTestBase {

    static final Tenant TENANT = new Subject("https://idp", "alice").alone();
    static final long GIB = 1L << 30;

    @TempDir
    Path folder;

    final ManualClock clock = new ManualClock();
    final FakeDriver driver = new FakeDriver();
    final Events events = new Events();
    final StallingFiles files = new StallingFiles();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "agents-under-test");
        thread.setDaemon(true);
        return thread;
    });
    /** The process may have no thread more. */
    volatile boolean outOfThreads;
    volatile AgentSettings settings;
    /** Without a pool unless the test has one. */
    PoolBounds pool = new PoolBounds(0, 0);
    /** Rooms that offer agents. */
    volatile List<AgentOffers> offers = List.of();
    Agents agents;

    @BeforeAll
    static void lookOften() {
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @BeforeEach
    void writeWar() throws IOException {
        Files.createDirectories(folder.resolve("dropins"));
        war("hello.war", "first");
    }

    @AfterEach
    void close() {
        files.answer();
        for (FakeDriver.Step step : FakeDriver.Step.values()) {
            driver.failures().release(step);
        }
        if (agents != null) {
            agents.close();
        }
        driver.close();
        threads.shutdownNow();
    }

    final Path war(String name, String content) throws IOException {
        return zip(name, "WEB-INF/content.txt", content);
    }

    /** The same content gives the same bytes at any time. */
    final Path zip(String name, String entry, String content) throws IOException {
        Path war = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(war); ZipOutputStream zip = new ZipOutputStream(file)) {
            ZipEntry only = new ZipEntry(entry);
            only.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
            zip.putNextEntry(only);
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return war;
    }

    final AgentConfig hello() {
        return agent("hello", folder.resolve("hello.war"));
    }

    static AgentConfig agent(String name, Path location) {
        return agent(name, location, GIB, Sharing.VERSION);
    }

    static AgentConfig agent(String name, Path location, long memoryBytes, Sharing sharing) {
        return new AgentConfig(name, location, memoryBytes, 1, Optional.empty(), sharing);
    }

    final void configure(AgentConfig... configured) {
        configure(folder.resolve("dropins"), configured);
    }

    final void configure(Path dropins, AgentConfig... configured) {
        settings = new AgentSettings(pool, dropins, GIB, List.of(configured), folder.resolve("copies"));
        if (agents != null) {
            agents.update();
        }
    }

    /** Agents that may be prepared at once. */
    final void start(AgentConfig... configured) {
        configure(configured);
        start();
    }

    final void start() {
        agents = new Agents(driver, folder.resolve("copies"), () -> settings, clock,
                new AgentExecutors(threads, this::execute, this::execute, this::execute), event -> event.accept(events), () -> offers, clock::nanos);
        agents.begin();
    }

    private void execute(Runnable work) {
        if (outOfThreads) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        threads.execute(work);
    }

    final void startReady() {
        start(hello());
        awaitStatus("hello", Status.READY);
    }

    final AgentRuntimeView view(String name) {
        return agents.view(name, any -> 0);
    }

    final void awaitStatus(String name, Status status) {
        ticking(() -> assertThat(view(name).status()).isEqualTo(status));
    }

    /** Ticks until it holds; the clock stands still. */
    final void ticking(org.awaitility.core.ThrowingRunnable holds) {
        await().untilAsserted(() -> {
            agents.tick();
            holds.run();
        });
    }

    final AgentLease lease(String name) {
        return get(agents.lease(name, ""));
    }

    /** Has a session begin, as sessions do it. */
    static FakeVm begin(AgentLease lease, String session) {
        Optional<WaitingVm> waiting = lease.takeWaiting();
        FakeVm vm = (FakeVm) waiting.map(WaitingVm::vm).orElseGet(() -> lease.start(TENANT));
        vm.begin(SessionStart.of(session));
        return vm;
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    final RequestException refused(String name) {
        return Assertions.catchThrowableOfType(RequestException.class, () -> lease(name));
    }
}
