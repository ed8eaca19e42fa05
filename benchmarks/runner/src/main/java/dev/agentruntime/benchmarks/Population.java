package dev.agentruntime.benchmarks;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.Subject;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.platform.AgentPlatform;
import dev.agentruntime.platform.PlatformConfig;
import dev.agentruntime.platform.Workers;
import dev.agentruntime.sessions.SteadyClock;
import dev.agentruntime.sessions.Times;
import dev.agentruntime.spi.fake.FakeDriver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What the platform itself costs with many sessions alive: the domain over a hypervisor in memory, in this JVM. */
final class Population implements Benchmark {

    private static final String NAME = "platform";
    private static final Caller CALLER = new Caller(new Subject("https://idp", "alice"), false);
    private static final Logger PRODUCT = Logger.getLogger("dev.agentruntime");
    private static final int WARM_UP = 200;
    /** With fewer, what all of them share is more than theirs. */
    private static final int PROMISED = 1_000;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        PRODUCT.setLevel(Level.WARNING);
        Path folder = Files.createTempDirectory("agrt-platform");
        try {
            in(folder, WARM_UP, (platform, sessions) -> { });
            measure(folder, lab.sizes().population(), report);
        } finally {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    interface Crowd {
        void lives(AgentPlatform platform, List<Long> startNanos) throws IOException;
    }

    private static void measure(Path folder, List<Integer> levels, Report report) throws IOException {
        for (int level : levels) {
            long empty = heap();
            in(folder, level, (platform, starts) -> {
                long total = starts.stream().mapToLong(Long::longValue).sum();
                long held = Math.max(0, heap() - empty);
                report.add(Row.of(NAME, "start of a session, up to " + level + " alive", Figures.of(Unit.TIME, starts))
                        .noting(Unit.decimal(level / (total / 1e9)) + " starts a second, one after another"));
                Row row = Row.of(NAME, "heap held by " + level + " live sessions", Figures.of(Unit.BYTES, held));
                report.add((level < PROMISED ? row : row.promising(Promise.of("≤ 2 KiB each", held <= 2_048L * level)))
                        .noting(Unit.decimal(held / 1024.0 / level) + " KiB each, the VMs in memory included"));
            });
        }
    }

    static void in(Path folder, int sessions, Crowd crowd) throws IOException {
        List<ExecutorService> pools = new ArrayList<>();
        ExecutorService vms = Executors.newCachedThreadPool();
        pools.add(vms);
        Workers workers = new Workers(vms, pool(1, pools), pool(2, pools), pool(2, pools), pool(2, pools));
        Times times = new Times(Clock.systemUTC(), SteadyClock.from(Clock.systemUTC()));
        try (AgentPlatform platform = new AgentPlatform(
                config(folder, sessions), new FakeDriver(), new NoLedger(), new NoDirectory(), workers, times)) {
            awaitReady(platform);
            List<Long> nanos = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                long begun = System.nanoTime();
                try (Invocation invocation = begun(platform)) {
                    nanos.add(System.nanoTime() - begun);
                    invocation.close(Invocation.Outcome.SUCCESS);
                }
            }
            crowd.lives(platform, nanos);
        } finally {
            pools.forEach(ExecutorService::shutdownNow);
        }
    }

    private static Invocation begun(AgentPlatform platform) throws IOException {
        CompletableFuture<Invocation> invocation = platform.invoke(
                new InvocationRequest("hello", Optional.of(Api.newSession()), CALLER)).toCompletableFuture();
        try {
            return invocation.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (Exception e) {
            throw new IOException("A session over the hypervisor in memory did not start: " + e.getMessage(), e);
        }
    }

    private static void awaitReady(AgentPlatform platform) {
        long begun = System.nanoTime();
        while (platform.runtime("hello").status() != AgentRuntimeView.Status.READY) {
            if (System.nanoTime() - begun > Duration.ofSeconds(30).toNanos()) {
                throw new BenchmarkException("The agent over the hypervisor in memory is not ready: " + platform.runtime("hello"));
            }
            platform.tick();
            Pause.of(Duration.ofMillis(20));
        }
    }

    private static PlatformConfig config(Path folder, int sessions) throws IOException {
        Path war = folder.resolve("hello.war");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war))) {
            zip.putNextEntry(new ZipEntry("WEB-INF/empty.txt"));
        }
        return PlatformConfig.read(Attributes.of("agentRuntime", Map.of(
                "maxSessions", sessions + 1, "maxSessionsPerSubject", sessions + 1, "pauseAfter", "0", "poolMax", 0,
                "dropins", Files.createDirectories(folder.resolve("dropins")).toString(),
                "agent.0.name", "hello", "agent.0.location", war.toString())), "benchmark", folder);
    }

    private static ExecutorService pool(int threads, List<ExecutorService> pools) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        pools.add(pool);
        return pool;
    }

    /** What is in use once the garbage is gone. */
    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
