package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.Additions;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.VmException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest is warmed up, through connections to its agent. */
class RehearsalTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private LinkedGuest linked;
    private FakeHost host;
    private Rehearsal rehearsal;

    @BeforeEach
    void connect() {
        linked = new LinkedGuest(folder);
        host = linked.host;
        rehearsal = new Rehearsal(linked.link, "vm-1");
    }

    @AfterEach
    void close() {
        linked.close();
    }

    private static String plain(String head) {
        return "HTTP/1.1 200 OK\r\n" + head + "\r\n";
    }

    @Test
    void aRoundIsABeginningAPingLinesInTheLogAndARequestWhereTheAgentOffersIt() {
        rehearsal.prime(2);
        assertThat(linked.guest.asked()).containsExactly("renew", "begin", "ping", "logs", "say", "get /ping http/1.1", "post /invocations http/1.1",
                "renew", "begin", "ping", "logs", "say", "get /ping http/1.1", "post /invocations http/1.1");
    }

    @Test
    void anAgentThatDoesNotOfferItGetsNoRequestOfThePlatforms() {
        host.libvirt.guests().agent(plain("Content-Length: 2\r\n") + "ok");
        rehearsal.prime(1);
        assertThat(linked.guest.asked()).containsExactly("renew", "begin", "ping", "logs", "say", "get /ping http/1.1");
    }

    @Test
    void anAgentWhosePingFailsIsWarmedUpAllTheSame() {
        host.libvirt.guests().agent(FakeGuest.Behaviour.answer(500));
        rehearsal.prime(1);
        assertThat(linked.guest.asked()).contains("post /invocations http/1.1");
    }

    @Test
    void theRehearsalServesInEveryWayAndLeavesNoAgent() {
        rehearsal.rehearse(host.image.resolve("rehearsal.war"), LIMIT);
        assertThat(linked.guest.asked()).startsWith("deploy").contains("watch", "logs").endsWith("undeploy");
        assertThat(linked.guest.begun().field("outbounds")).as("the last beginning leaves nothing behind").isEmpty();
        assertThat(linked.guest.environment()).isEmpty();
        assertThat(linked.guest.asked().stream().filter("post /invocations http/1.1"::equals)).hasSize(116 * 4);
        assertThat(linked.guest.asked().stream().filter("post /rest/ http/1.1"::equals)).hasSize(116);
    }

    @Test
    void aGuestThatDoesNotSendItsLogIsNotPrimed() {
        host.libvirt.guests().withoutLogs();
        assertThatThrownBy(() -> rehearsal.prime(1)).isInstanceOf(VmException.class).hasMessageContainingAll("vm-1", "did not send its log");
    }

    @Test
    void aGuestThatPrintsNoLineIsNotPrimedAndToldToBeBuiltAnew() {
        host.libvirt.guests().reply("say", ControlMessage.error("This guest does not know the request 'say'."), "");
        assertThatThrownBy(() -> rehearsal.prime(1)).isInstanceOf(VmException.class).hasMessageContainingAll("vm-1", "'say'", "Build the guest image anew");
    }

    /** In a session's log no line may come that was printed before the session. */
    @Test
    void whatIsPrintedHasArrivedBeforeTheNextStepUnlessTheAgentPrintsWithoutEnd() throws IOException {
        InputStream lines = new ByteArrayInputStream("rom 0\n0 1 O rehearsal: a line\n1 1 O rehearsal: the last line\nmore".getBytes(StandardCharsets.US_ASCII));
        Rehearsal.skipTo("rehearsal: the last line\n", lines, LIMIT);
        assertThat(new String(lines.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("more");
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertTimeoutPreemptively(LIMIT, () -> Rehearsal.skipTo("rehearsal: the last line\n", endless, Duration.ofMillis(50)));
    }

    @Test
    void anAgentWhoseLineWasDroppedIsWarmedUpAllTheSame() {
        host.libvirt.guests().log("7 0 O an agent that prints without end\n");
        rehearsal.prime(1);
        assertThat(linked.guest.asked()).contains("post /invocations http/1.1");
    }

    @Test
    void aRehearsalThatIsNotServedSaysWhereAndInOneCleanLine() {
        host.libvirt.guests().agent("HTTP/1.1 404 Gone\u001b[2J\u0007\r\nContent-Length: 0\r\n\r\n");
        assertThatThrownBy(() -> rehearsal.rehearse(host.image.resolve("rehearsal.war"), LIMIT)).isInstanceOf(VmException.class)
                .hasMessageContainingAll("vm-1", "/invocations", "http/1.1 404 gone", "Build the guest image anew")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\u001b", "\u0007"));
    }

    @Test
    void aRehearsalThatDoesNotDeployIsToldAsTheWarsFault() {
        host.libvirt.guests().reply("deploy", ControlMessage.error("no such feature"), "");
        assertThatThrownBy(() -> rehearsal.rehearse(host.image.resolve("rehearsal.war"), LIMIT)).isInstanceOf(AgentStartException.class);
    }

    @Test
    void aChunkedAnswerIsReadToItsEndSoThatTheNextOneIsFound() {
        host.libvirt.guests().agent(plain("Transfer-Encoding: chunked\r\n") + "5;name=value\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n");
        try (GuestConnection agent = new GuestConnection(linked.link, "vm-1")) {
            assertThat(agent.get("/ping").status()).isEqualTo(200);
            assertThat(agent.get("/ping").status()).isEqualTo(200);
        }
    }

    @Test
    void headersAreFoundInAnySpelling() {
        host.libvirt.guests().agent("HTTP/1.1 204 No Content\r\nx-OFFERED: yes\r\nContent-length:0\r\n\r\n");
        try (GuestConnection agent = new GuestConnection(linked.link, "vm-1")) {
            GuestConnection.Answer answer = agent.get("/ping");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.has("X-Offered")).isTrue();
            assertThat(answer.has("offered")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0\r\n\r\n", "HTTP/1.1 2000 Many\r\n\r\n", "HTTP/2 200\r\n\r\n", "\r\n\r\n"})
    void whatIsNoStatusIsNone(String answer) {
        host.libvirt.guests().agent(answer);
        try (GuestConnection agent = new GuestConnection(linked.link, "vm-1")) {
            assertThat(agent.get("/ping").status()).isZero();
        }
    }

    @Test
    void anEndlessHeadIsNotKept() {
        host.libvirt.guests().agent(plain("X: " + "a".repeat(100_000) + "\r\n"));
        try (GuestConnection agent = new GuestConnection(linked.link, "vm-1")) {
            assertThatThrownBy(() -> agent.get("/ping")).isInstanceOf(VmException.class).hasMessageContaining("65536 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "\nFORGED \u001b[2J\u0000\r\n", "-5\r\n", "\r\n", "ffffffffffffffff\r\n", "fffffffffffffffffff\r\n"})
    void aChunkWhoseSizeIsNoneIsNoAnswer(String chunk) {
        host.libvirt.guests().agent(plain("Transfer-Encoding: chunked\r\n") + chunk + "\r\n0\r\n\r\n");
        try (GuestConnection agent = new GuestConnection(linked.link, "vm-1")) {
            assertThatThrownBy(() -> agent.get("/ping")).isInstanceOf(VmException.class).hasMessageContaining("vm-1")
                    .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n", "\r", "\u001b", "\u0000"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transfer-encoding: chunked", "content-length: 999999999"})
    void aBodyWithoutEndIsLeftWhenItsTimeIsOverHoweverFastItComes(String header) {
        InputStream endless = new InputStream() {
            private int at;

            @Override
            public int read() {
                return "1\r\na\r\n".charAt(at++ % 6);
            }
        };
        long deadline = System.nanoTime() + Duration.ofMillis(50).toNanos();
        assertTimeoutPreemptively(LIMIT, () -> assertThatThrownBy(() -> GuestConnection.skipBody("http/1.1 200 ok\r\n" + header + "\r\n\r\n", endless, deadline))
                .isInstanceOf(SocketTimeoutException.class));
    }

    private AgentWar wantingWarmUp() {
        return AgentWar.of(new AgentSpec("hello", new Artifact(Artifact.Kind.WAR, host.image.resolve("agent.war"), "d1"), 1, 1,
                new AgentPaths("/ping", "/invocations", Optional.of("/warm")), Additions.NONE), host.plan.image());
    }

    @Test
    void anAgentIsAskedOnceToWarmItselfUp() {
        wantingWarmUp().warmUp(linked.link, "vm-1", LIMIT, step -> { });
        assertThat(linked.guest.asked()).containsExactly("post /warm http/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "SSH-2.0\r\n\r\n"})
    void whatIsNoSuccessIsTheAgentsFault(String answer) {
        host.libvirt.guests().agent(answer);
        assertThatThrownBy(() -> wantingWarmUp().warmUp(linked.link, "vm-1", LIMIT, step -> { })).isInstanceOf(AgentStartException.class)
                .hasMessageContaining("/warm");
    }

    @Test
    void anAgentThatDoesNotAnswerInTimeIsAtFault() {
        host.libvirt.guests().agent("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
        assertThatThrownBy(() -> wantingWarmUp().warmUp(linked.link, "vm-1", Duration.ofMillis(200), step -> { }))
                .isInstanceOfSatisfying(AgentStartException.class, refused -> assertThat(refused.log()).containsExactly("first line", "last line"))
                .hasMessageContaining("did not answer");
    }

    @Test
    void anAgentIsAtFaultAlsoWhereItsGuestDoesNotSendItsLog() {
        host.libvirt.guests().agent(FakeGuest.Behaviour.answer(500));
        host.libvirt.guests().reply("log", ControlMessage.error("no log"), "");
        assertThatThrownBy(() -> wantingWarmUp().warmUp(linked.link, "vm-1", LIMIT, step -> { }))
                .isInstanceOfSatisfying(AgentStartException.class, refused -> assertThat(refused.log()).isEmpty()).hasMessageContaining("status 500");
    }

    @Test
    void aLinkThatIsDownIsToldAtOnce() {
        linked.link.close();
        assertThatThrownBy(() -> new GuestConnection(linked.link, "vm-1")).isInstanceOf(VmException.class).hasMessageContaining("vm-1");
    }
}
