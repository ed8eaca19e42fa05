package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import dev.agentruntime.spi.EchoingStreams;
import dev.agentruntime.spi.OutboundName;
import dev.agentruntime.spi.SessionStart;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The second link of a VM over a libvirtd in memory. */
@Timeout(60)
class WayOutTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private FakeHost host;
    private LibvirtVm vm;

    @BeforeEach
    void start() {
        host = new FakeHost(folder);
        vm = host.starts.cloneOf(host.template().template(), host.plan);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private FakeGuest guest() {
        return host.domain(vm.name()).guest();
    }

    private void begin() {
        vm.onStream(new EchoingStreams());
        vm.begin(SessionStart.of("session"));
    }

    private static String dial(FakeGuest guest, String target) throws IOException {
        try (MuxStream stream = guest.openOut(target)) {
            stream.output().write("x".getBytes());
            stream.shutdownOutput();
            return new String(stream.input(PATIENCE).readAllBytes());
        }
    }

    @Test
    void aSessionWhoseAgentGoesNowhereHasNoSecondLink() {
        begin();
        vm.pause();
        vm.resume();
        assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
        assertThat(guest().hasWayOut()).isFalse();
    }

    @Test
    void aGuestThatAsksGetsItAndItsStreamsArrive() throws Exception {
        begin();
        assertThat(dial(guest(), "outbound/db")).isEqualTo("outbound/db: x");
        assertThat(dial(guest(), "proxy")).isEqualTo("proxy: x");
    }

    @Test
    void beforeItsSessionBeginsAGuestIsRefused() {
        vm.onStream(new EchoingStreams());
        assertThatThrownBy(() -> dial(guest(), "proxy")).isInstanceOf(IOException.class).hasMessageContaining("reset");
        assertThat(guest().hasWayOut()).isFalse();
    }

    @Test
    void aVmThatWaitsIsPrimedWithoutAWayOut() throws Exception {
        LibvirtVm primed = host.starts.ahead(host.template().template(), host.plan, StartMode.PRIMED);
        primed.onStream(new EchoingStreams());
        assertThat(host.domain(primed.name()).guest().hasWayOut()).isFalse();
        primed.begin(SessionStart.of("session"));
        assertThat(dial(host.domain(primed.name()).guest(), "proxy")).isEqualTo("proxy: x");
    }

    @Test
    void withoutAReceiverAGuestIsRefusedAndWithOneItIsNot() throws Exception {
        vm.begin(SessionStart.of("session"));
        assertThatThrownBy(() -> dial(guest(), "proxy")).isInstanceOf(IOException.class).hasMessageContaining("reset");
        vm.onStream(new EchoingStreams());
        assertThat(dial(guest(), "proxy")).isEqualTo("proxy: x");
    }

    @Test
    void theFirstLinkTakesNoStreamsButTheWish() throws Exception {
        begin();
        for (String target : new String[] {"proxy", "outbound/db", "agent", "nonsense"}) {
            try (MuxStream stream = guest().open(target)) {
                assertThatThrownBy(() -> stream.input(PATIENCE).read()).isInstanceOf(IOException.class);
            }
        }
        assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
    }

    @Test
    void aLinkThatIsDeadInTheGuestOnlyIsReplacedWhenTheGuestAsks() throws Exception {
        begin();
        MuxStream old = guest().openOut("outbound/db");
        guest().loseWayOut();
        assertThat(dial(guest(), "outbound/db")).isEqualTo("outbound/db: x");
        assertThatThrownBy(() -> old.input(PATIENCE).readAllBytes()).isInstanceOf(IOException.class);
        assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
    }

    @Test
    void aGuestThatAsksWithoutEndGetsItsLinksAtEverGreaterDistance() throws Exception {
        begin();
        long begun = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            guest().askForWayOut();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void whoAsksWhileALinkIsBeingMadeIsRefused() throws Exception {
        begin();
        guest().deafen();
        try (MuxStream first = guest().open(Targets.WAY_OUT)) {
            first.shutdownOutput();
            await().until(guest()::isCalled);
            try (MuxStream second = guest().open(Targets.WAY_OUT)) {
                assertThatThrownBy(() -> second.input(PATIENCE).read()).isInstanceOf(IOException.class).hasMessageContaining("reset");
            }
            assertThat(first.input(PATIENCE).read()).as("told that there is none yet").isEqualTo(-1);
        }
    }

    @Test
    void aGuestThatAsksWhileNoThreadIsFreeIsRefusedAndMayAskAgain() throws Exception {
        AtomicBoolean full = new AtomicBoolean();
        Executor executor = task -> {
            if (full.get()) {
                throw new RejectedExecutionException("full");
            }
            host.executor.execute(task);
        };
        LibvirtVm other = new Starts(host.creator, host.fleet, host.links, host.snapshots, executor).cloneOf(host.template().template(), host.plan);
        other.onStream(new EchoingStreams());
        other.begin(SessionStart.of("session"));
        FakeGuest guest = host.domain(other.name()).guest();
        full.set(true);
        assertThatThrownBy(() -> dial(guest, "proxy")).isInstanceOf(IOException.class).hasMessageContaining("reset");
        full.set(false);
        assertThat(dial(guest, "proxy")).isEqualTo("proxy: x");
    }

    @Test
    void aVmWhoseSecondLinkBreaksTheRulesLosesThatAndLivesOn() throws Exception {
        begin();
        guest().openOut("proxy");
        guest().breakWayOut();
        await().untilAsserted(() -> assertThat(dial(guest(), "proxy")).isEqualTo("proxy: x"));
        assertThat(vm.death().toCompletableFuture()).isNotDone();
        assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
    }

    @Test
    void streamsStayOpenAcrossAPause() throws Exception {
        begin();
        try (MuxStream stream = guest().openOut("outbound/db")) {
            stream.output().write("a".getBytes());
            assertThat(new String(stream.input(PATIENCE).readNBytes(14))).isEqualTo("outbound/db: a");
            vm.pause();
            vm.resume();
            stream.output().write("b".getBytes());
            assertThat(stream.input(PATIENCE).read()).isEqualTo('b');
        }
    }

    @Test
    void aSessionWhoseServerHasEndedGoesNowhereAnyMore() throws Exception {
        begin();
        MuxStream stream = guest().openOut("proxy");
        guest().endServer("Out of memory.");
        assertThatThrownBy(() -> stream.input(PATIENCE).transferTo(OutputStream.nullOutputStream())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> guest().askForWayOut()).isInstanceOf(IOException.class).hasMessageContaining("reset");
    }

    @Test
    void theSecondLinkEndsWithItsVm() throws Exception {
        begin();
        MuxStream stream = guest().openOut("proxy");
        vm.destroy();
        assertThatThrownBy(() -> stream.input(PATIENCE).transferTo(OutputStream.nullOutputStream())).isInstanceOf(IOException.class);
        assertThat(host.files()).isEmpty();
    }

    @Test
    void aSessionsEnvironmentAndOutboundsReachItsGuest() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("GREETING", "good day");
        environment.put("KEY", "sk=1\n2 \u00e9");
        vm.begin(new SessionStart("s-1", environment, List.of(new OutboundName("openai", 80), new OutboundName("orders-db", 5432))));
        assertThat(guest().begun().field("sessionId")).contains("s-1");
        assertThat(guest().begun().field("outbounds")).contains("openai:80,orders-db:5432");
        assertThat(guest().environment()).isEqualTo("GREETING=good day\0KEY=sk=1\n2 \u00e9\0");
        assertThat(guest().begun().toString()).doesNotContain("sk=1");
    }

    @Test
    void asMuchAsASessionMayHaveFitsIntoItsBeginning() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (int i = 0; i < SessionStart.MOST_VARIABLES; i++) {
            environment.put("V" + i, "x".repeat(200));
        }
        List<OutboundName> outbounds = java.util.stream.IntStream.range(0, SessionStart.MOST_OUTBOUNDS)
                .mapToObj(i -> new OutboundName("x".repeat(45) + i, 65_535)).toList();
        vm.begin(new SessionStart("s".repeat(100), environment, outbounds));
        assertThat(guest().environment()).hasSizeGreaterThan(50_000);
        assertThat(guest().begun().field("outbounds").orElseThrow().split(",")).hasSize(SessionStart.MOST_OUTBOUNDS);
    }
}
