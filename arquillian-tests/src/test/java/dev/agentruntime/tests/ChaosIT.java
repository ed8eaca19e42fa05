package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Many kills of QEMU, many sessions after each other, many on the disk at once, in real VMs of a server of its own. {@code ./verify -Dlong}
 * does some of each; {@code arquillian-tests/bin/chaos} as many as are asked for.
 */
@EnabledIfSystemProperty(named = "long", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChaosIT {

    private static final int PORT = 19093;
    private static final int KILLS = Integer.getInteger("chaos.kills", 20);
    private static final int CYCLES = Integer.getInteger("chaos.cycles", 30);
    private static final int SLEEPERS = Integer.getInteger("chaos.sleepers", 8);
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());
    /** Before these nothing is compared: what is made once is made by them. */
    private static final int FIRST_CYCLES = 10;
    private static final long MILLISECOND = 1_000_000;
    private static final long BEGUN = System.nanoTime();

    private OwnServer server;

    @BeforeAll
    void start() throws IOException {
        server = OwnServer.create("chaos", PORT);
        Files.createDirectories(server.folder().resolve("agents"));
        for (String agent : List.of("hello", "burner")) {
            Files.copy(UntouchedLiberty.ROOT.resolve("examples/" + agent + "/target/" + agent + ".war"), server.folder().resolve("agents/" + agent + ".war"));
        }
        server.write("server.xml", """
                <server>
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    %s
                    <agentRuntime poolMax="0" maxSessions="2000" maxSessionsPerSubject="2000" idleTimeout="8h" hibernationDisk="40g">
                        <agent name="hello" location="hello.war"/>
                        <agent name="burner" location="burner.war"/>
                        <agent name="sleeper" location="hello.war" hibernateAfter="1s"/>
                    </agentRuntime>
                    <mpJwt id="callers" issuer="%s" audiences="agent-runtime" jwksUri="%s/jwks"/>
                </server>
                """.formatted(server.endpoint(), Identity.PROVIDER.issuer(), Identity.PROVIDER.issuer()));
        server.start();
        List.of("hello", "burner", "sleeper").forEach(alice()::awaitAgent);
    }

    @AfterAll
    void end() {
        if (server != null) {
            server.remove();
        }
    }

    /** With a token that is new: it is good for an hour, and a run may take several. */
    private AgentClient alice() {
        return AgentClient.invoker(server.base(), "alice");
    }

    /** With how long the run has taken so far. */
    private static void say(String text, Object... values) {
        long seconds = (System.nanoTime() - BEGUN) / 1_000_000_000;
        System.out.printf(Locale.ROOT, "chaos %02d:%02d: %s%n", seconds / 60, seconds % 60, String.format(Locale.ROOT, text, values));
    }

    /**
     * A session whose VM was killed.
     *
     * @param kernel what the kernel had counted of its last VM
     */
    private record Killed(String session, String vm, KernelCount.Reading kernel) {}

    @Test
    void whateverMomentQemuIsKilledAtItsSessionEndsAndTheLedgerHasWhatTheKernelCounted() {
        say("%d kills, seed %d", KILLS, SEED);
        Random random = new Random(SEED);
        List<Killed> killed = new ArrayList<>();
        for (int i = 0; i < KILLS; i++) {
            killed.add(kill(random));
            if ((i + 1) % 20 == 0) {
                say("%d of %d killed", i + 1, KILLS);
            }
        }
        List<Killed> whole = killed.stream().filter(one -> one.kernel().whole()).toList();
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
            Map<String, Long> off = off(whole);
            assertThat(off.values().stream().filter(nanos -> nanos > MILLISECOND)).as("further from the kernel's count than 1 ms and 0.1 %%: %s", off).isEmpty();
        });
        say("%d sessions ended, of %d the kernel's last count was seen; the ledger is off by %.3f ms at most", killed.size(), whole.size(),
                off(whole).values().stream().mapToLong(Long::longValue).max().orElse(0) / 1e6);
        assertThat(whole.size()).as("a test that sees too few last counts shows nothing").isGreaterThan(KILLS / 2);
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(Host.named("agrt-" + server.id() + "-")).isEmpty());
    }

    /** At once, while it burns, or while it rests and is being paused. A VM that dies before it serves is replaced, and the next one killed too. */
    private Killed kill(Random random) {
        String session = newSession();
        int kind = random.nextInt(3);
        CompletableFuture<HttpResponse<String>> answer = alice().invokeAsync("burner", session, kind == 2 ? "{\"seconds\": 0.05}" : "{\"seconds\": 600}");
        String vm = vmOtherThan(session, "").orElseThrow(() -> new AssertionError("Session " + session + " ended before it was killed"));
        sleep(random.nextInt(switch (kind) {
            case 0 -> 200;
            case 1 -> 2000;
            default -> 5000;
        }));
        while (true) {
            KernelCount count = KernelCount.begin(Host.groupOf(vm), Path.of("/proc/" + Host.pidOf(vm)));
            Host.killQemuOf(vm);
            Optional<String> next = vmOtherThan(session, vm);
            KernelCount.Reading kernel = count.end();
            if (next.isEmpty()) {
                assertThat(alice().session("burner", session).getString("terminationReason")).containsAnyOf("killed", "could not be started");
                assertThat(answer.handle((body, failure) -> "answered")).succeedsWithin(Duration.ofSeconds(30));
                return new Killed(session, vm, kernel);
            }
            vm = next.get();
        }
    }

    private static void sleep(int millis) {
        await().pollDelay(Duration.ofMillis(millis)).pollInterval(Duration.ofMillis(1)).until(() -> true);
    }

    /** Empty when the session is over. */
    private Optional<String> vmOtherThan(String session, String before) {
        JsonObject view = await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(20)).until(() -> alice().session("burner", session),
                now -> now.getString("status", "").equals("Terminated") || !now.getString("vm", before).equals(before));
        return view.getString("status").equals("Terminated") ? Optional.empty() : Optional.of(view.getString("vm"));
    }

    /** By how many nanoseconds the ledger is off for each session, beyond 0.1 % of it. */
    private Map<String, Long> off(List<Killed> killed) {
        Map<String, BigDecimal> ledger = new HashMap<>();
        alice().get("/agents/usage?by=session&agent=burner&format=csv").body().lines().skip(1).map(line -> line.split(","))
                .forEach(cells -> ledger.put(cells[4], new BigDecimal(cells[7]).add(new BigDecimal(cells[10]))));
        return killed.stream().collect(Collectors.toMap(Killed::session, one -> {
            BigDecimal told = ledger.getOrDefault(one.session(), BigDecimal.ZERO);
            boolean neverServed = told.signum() == 0; // then its VM is the platform's, and in no session's row
            BigDecimal off = neverServed ? BigDecimal.ZERO : told.subtract(one.kernel().seconds()).abs();
            return Math.max(0, off.subtract(told.movePointLeft(3)).movePointRight(9).longValue());
        }));
    }

    @Test
    void sessionsThatAreOverLeaveNothingThatGrows() {
        for (int i = 0; i < FIRST_CYCLES; i++) {
            cycle();
        }
        ServerFigures before = settled();
        say("before %d sessions: %s", CYCLES, before.text());
        for (int i = 0; i < CYCLES; i++) {
            cycle();
            if ((i + 1) % 100 == 0) {
                say("after %d of %d: %s", i + 1, CYCLES, ServerFigures.of(server).text());
            }
        }
        await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofSeconds(5)).untilAsserted(() -> {
            ServerFigures after = settled();
            say("after all: %s", after.text());
            assertThat(after.handles()).as("handles").isLessThan(before.handles() + 20);
            assertThat(after.threads()).as("threads").isLessThan(before.threads() + 20);
            assertThat(after.heapBytes()).as("live heap").isLessThan(before.heapBytes() + before.heapBytes() / 10 + (8 << 20));
            assertThat(after.named()).as("names on the host").isEmpty();
            assertThat(after.files()).as("files").isLessThanOrEqualTo(before.files());
        });
    }

    private void cycle() {
        String session = newSession();
        assertThat(call("hello", session)).isEqualTo(1);
        assertThat(alice().delete("/agents/runtimes/hello/sessions/" + session).statusCode()).isEqualTo(200);
    }

    private ServerFigures settled() {
        await().atMost(Duration.ofMinutes(2)).until(() -> server.vms().isEmpty());
        return ServerFigures.of(server);
    }

    private int call(String agent, String session) {
        HttpResponse<String> answer = alice().invoke(agent, session, "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).getInt("call");
    }

    @Test
    void asManySessionsOnTheDiskAtOnceEachAnswerWithTheirOwnState() throws IOException {
        List<String> sessions = Stream.generate(AgentClient::newSession).limit(SLEEPERS).toList();
        for (int i = 0; i < SLEEPERS; i++) {
            for (int call = 1; call <= calls(i); call++) {
                assertThat(call("sleeper", sessions.get(i))).isEqualTo(call);
            }
            if ((i + 1) % 25 == 0) {
                say("%d of %d begun, %d on the disk", i + 1, SLEEPERS, hibernated());
            }
        }
        await().atMost(Duration.ofMinutes(30)).pollInterval(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(hibernated()).isEqualTo(SLEEPERS));
        assertThat(server.vms()).as("none has a VM").isEmpty();
        long[] bytes = onDisk();
        assertThat(bytes).hasSize(SLEEPERS);
        say("%d sessions on the disk at once, KiB each: %s", SLEEPERS, spread(Arrays.stream(bytes).mapToDouble(size -> size / 1024.0).toArray()));
        double[] millis = new double[SLEEPERS];
        for (int i = 0; i < SLEEPERS; i++) {
            long asked = System.nanoTime();
            int call = call("sleeper", sessions.get(i));
            millis[i] = (System.nanoTime() - asked) / 1e6;
            assertThat(call).as("the state of the session %d", i).isEqualTo(calls(i) + 1);
            assertThat(alice().delete("/agents/runtimes/sleeper/sessions/" + sessions.get(i)).statusCode()).isEqualTo(200);
            if ((i + 1) % 25 == 0) {
                say("%d of %d came back", i + 1, SLEEPERS);
            }
        }
        say("from the disk to an answer, ms: %s", spread(millis));
        await().untilAsserted(() -> assertThat(onDisk()).isEmpty());
    }

    private int hibernated() {
        return (int) json(alice().get("/agents/runtimes/sleeper/sessions")).getJsonArray("sessions").stream()
                .filter(session -> session.asJsonObject().getString("status").equals("Hibernated")).count();
    }

    /** Neighbours differ. */
    private static int calls(int session) {
        return 1 + session % 3;
    }

    private long[] onDisk() throws IOException {
        try (Stream<Path> files = Files.list(server.snapshots())) {
            return files.mapToLong(ChaosIT::size).toArray();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "n=%d, min %.1f, p50 %.1f, p99 %.1f, max %.1f", sorted.length, sorted[0], sorted[sorted.length / 2],
                sorted[sorted.length * 99 / 100], sorted[sorted.length - 1]);
    }
}
