package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.tests.offender.Offender;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that does harm: to its neighbours as little as its limits say, and nothing that stays. */
@ArquillianTest
@RunAsClient
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainmentIT {

    private static final int SECONDS = 40;
    private static final int CALLS = 300;
    private static final Duration PACE = Duration.ofMillis(20);
    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Path STATE = Path.of("/var/lib/agent-runtime");
    private static final Path SERVER = Path.of(System.getProperty("root"), "server-config/target/wlp/usr/servers/agents-under-test");

    @TempDir
    static Path folder;

    private ExampleAgent offender;
    private String asked = "";
    /** The longest p99 beside nothing, and beside a guest that computes. */
    private OptionalDouble calm = OptionalDouble.empty();

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeAll
    void start() {
        Path war = folder.resolve("offender.war");
        ShrinkWrap.create(WebArchive.class, "offender.war").addClass(Offender.class).as(ZipExporter.class).exportTo(war.toFile());
        offender = ExampleAgent.added("offender", war, "", "");
        AgentClient.awaitReady("hello");
    }

    @AfterAll
    void stop() {
        offender.close();
    }

    @Test
    void theProcessOfAVmIsNobodysAndFilteredAndInAGroupWithLimits() throws IOException {
        String session = newSession();
        offender.answer(session, "\"burn 0\"");
        long pid = Host.pidOf(offender.vm(session));
        List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
        assertThat(status).anyMatch(line -> line.matches("Seccomp:\\s+2")).anyMatch(line -> line.matches("NoNewPrivs:\\s+1"))
                .anyMatch(line -> line.startsWith("Uid:") && !line.matches(".*\\s0\\b.*"));
        // 1 GiB of the guest's, and 256 MiB of its emulator's.
        assertThat(Host.limitOf(offender.vm(session), "memory.limit_in_bytes", "memory.max")).isEqualTo(Long.toString((1L << 30) + (256L << 20)));
        assertThat(Host.limitOf(offender.vm(session), "pids.max", "pids.max")).isEqualTo("256");
        assertThat(Host.limitOf(offender.vm(session), "cpu.cfs_quota_us", "cpu.max")).startsWith("150000");
        alice().delete("/agents/runtimes/offender/sessions/" + session);
    }

    /** {@code ./verify -Dlong}: each takes a minute or two. */
    @ParameterizedTest
    @ValueSource(strings = {"channel", "log", "memory", "fork"})
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void whateverOneGuestDoesItsNeighboursWaitAtMostTwiceAsLongAndTheServerIsWell(String harm) {
        double most = 2 * calm();
        String offending = newSession();
        offender.answer(offending, "\"burn 0\"");
        CompletableFuture<Integer> deed = alice().statusOf("offender", offending, "\"" + harm + " " + SECONDS + "\"");
        await().pollDelay(SETTLING).until(() -> true);
        Waits beside = beside("beside " + harm, asked);
        HttpResponse<String> health = alice().get("/health/ready");
        assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
        // An agent that has ruined its guest is ended for its pings, or its guest for the memory; else it answers.
        await().atMost(Duration.ofMinutes(4)).until(() -> deed.isDone());
        String status = alice().session("offender", offending).getString("status");
        System.out.println("containment: " + harm + ": " + status + ": " + alice().session("offender", offending).getString("terminationReason", ""));
        assertThat(beside.p99()).as("p99 beside %s, ms; twice that alone or beside a guest that computes is %.1f", harm, most).isLessThan(most);
        assertThat(alice().invoke("hello", asked, "{\"prompt\": \"Ada\"}").statusCode()).isEqualTo(200);
        alice().delete("/agents/runtimes/offender/sessions/" + offending);
    }

    private double calm() {
        if (calm.isEmpty()) {
            asked = newSession();
            String burning = newSession();
            offender.answer(burning, "\"burn 0\"");
            beside("to warm up", asked);
            Waits alone = beside("alone", asked);
            CompletableFuture<HttpResponse<String>> burn = alice().invokeAsync("offender", burning, "\"burn " + SECONDS + "\"");
            await().pollDelay(SETTLING).until(() -> true);
            calm = OptionalDouble.of(Math.max(alone.p99(), beside("beside burn", asked).p99()));
            burn.join();
            alice().delete("/agents/runtimes/offender/sessions/" + burning);
        }
        return calm.getAsDouble();
    }

    /** {@code ./verify -Dlong}: the search takes some minutes. */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void whatASessionHeldIsNowhereAfterItsEnd() throws IOException {
        String marker = "mark" + UUID.randomUUID().toString().replace("-", "");
        String session = newSession();
        String other = newSession();
        offender.answer(other, "\"burn 0\"");
        assertThat(offender.answer(session, "\"remember " + marker + "\"")).isEqualTo("done");
        VmMemory own = VmMemory.of(offender.vm(session));
        List<Path> templates = own.templates();
        assertThat(own.placesOf(marker)).as("the search finds what is there").isNotEmpty();
        onTheDisk(session);
        assertThat(VmMemory.filesWith(STATE.resolve("snapshots"), marker)).as("in what is on the disk of it").isEmpty();
        offender.answer(session, "\"burn 0\"");
        assertThat(VmMemory.of(offender.vm(session)).placesOf(marker)).as("it has come back with what it held").isNotEmpty();

        alice().delete("/agents/runtimes/offender/sessions/" + session);

        assertThat(offender.answer(other, "\"burn 0\"")).isEqualTo("done");
        assertThat(VmMemory.of(offender.vm(other)).placesOf(marker)).as("in another session").isEmpty();
        String next = newSession();
        offender.answer(next, "\"burn 0\"");
        assertThat(VmMemory.of(offender.vm(next)).placesOf(marker)).as("in the session that came next").isEmpty();
        assertThat(templates).isNotEmpty();
        for (Path folder : List.of(Path.of("/dev/shm"), STATE, SERVER, Path.of("/var/log/libvirt"), Path.of("/var/lib/libvirt"))) {
            assertThat(VmMemory.filesWith(folder, marker)).as("below " + folder).isEmpty();
        }
        for (String left : List.of(other, next)) {
            alice().delete("/agents/runtimes/offender/sessions/" + left);
        }
    }

    /** Once its agent has said that it has nothing to do. */
    private static void onTheDisk(String session) throws IOException {
        String path = "/agents/runtimes/offender/sessions/" + session + "/hibernate";
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> alice().post(path), answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 409);
            return answer.statusCode() == 200;
        });
        try (Stream<Path> files = Files.walk(STATE.resolve("snapshots"))) {
            assertThat(files.filter(Files::isRegularFile)).as("its file").isNotEmpty();
        }
    }

    /** Milliseconds. */
    private record Waits(double p50, double p99) {

        static Waits of(long[] nanos) {
            Arrays.sort(nanos);
            return new Waits(nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
        }
    }

    private static Waits beside(String what, String session) {
        long[] nanos = new long[CALLS];
        int count = 0;
        for (long first = System.nanoTime(); count < CALLS && System.nanoTime() - first < LONGEST.toNanos(); count++) {
            LockSupport.parkNanos(PACE.toNanos());
            long begun = System.nanoTime();
            HttpResponse<String> answer = alice().invoke("hello", session, "{\"prompt\": \"Ada\"}");
            nanos[count] = System.nanoTime() - begun;
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        Waits waits = Waits.of(Arrays.copyOf(nanos, count));
        System.out.printf(Locale.ROOT, "containment: warm invocation %s: p50 %.1f ms, p99 %.1f ms, n=%d%n", what, waits.p50(), waits.p99(), count);
        return waits;
    }
}
