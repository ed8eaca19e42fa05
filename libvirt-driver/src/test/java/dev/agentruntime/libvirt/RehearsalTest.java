package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import java.time.Duration;
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

    private FakeHost host;
    private FakeGuest guest;
    private HostLink link;
    private Rehearsal rehearsal;

    @BeforeEach
    void connect() {
        host = new FakeHost(folder);
        RunningMachine machine = host.machines.create(TestMachine.host(), TestMachine.named("agrt-a-s1", host.directories.run()));
        link = host.links.connect(machine, LIMIT);
        guest = host.domain("agrt-a-s1").guest();
        rehearsal = new Rehearsal(link, "vm-1");
    }

    @AfterEach
    void close() {
        link.close();
        host.close();
    }

    private static String plain(String head) {
        return "HTTP/1.1 200 OK\r\n" + head + "\r\n";
    }

    @Test
    void aRoundIsABeginningAPingAndARequestWhereTheAgentOffersIt() {
        rehearsal.prime(2);
        assertThat(guest.asked()).containsExactly("renew", "begin", "ping", "get /ping http/1.1", "post /invocations http/1.1",
                "renew", "begin", "ping", "get /ping http/1.1", "post /invocations http/1.1");
    }

    @Test
    void anAgentThatDoesNotOfferItGetsNoRequestOfThePlatforms() {
        host.libvirt.guests().agent(plain("Content-Length: 2\r\n") + "ok");
        rehearsal.prime(1);
        assertThat(guest.asked()).containsExactly("renew", "begin", "ping", "get /ping http/1.1");
    }

    @Test
    void anAgentWhosePingFailsIsWarmedUpAllTheSame() {
        host.libvirt.guests().agent(FakeGuest.Behaviour.answer(500));
        rehearsal.prime(1);
        assertThat(guest.asked()).contains("post /invocations http/1.1");
    }

    @Test
    void theRehearsalServesInEveryWayAndLeavesNoAgent() {
        rehearsal.rehearse(host.image.resolve("rehearsal.war"), LIMIT);
        assertThat(guest.asked()).startsWith("deploy").contains("watch").endsWith("undeploy");
        assertThat(guest.begun().field("outbounds")).as("the last beginning leaves nothing behind").isEmpty();
        assertThat(guest.environment()).isEmpty();
        assertThat(guest.asked().stream().filter("post /invocations http/1.1"::equals)).hasSize(80 * 4);
        assertThat(guest.asked().stream().filter("post /rest/ http/1.1"::equals)).hasSize(80);
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
        try (GuestConnection agent = new GuestConnection(link, "vm-1")) {
            assertThat(agent.get("/ping").status()).isEqualTo(200);
            assertThat(agent.get("/ping").status()).isEqualTo(200);
        }
    }

    @Test
    void headersAreFoundInAnySpelling() {
        host.libvirt.guests().agent("HTTP/1.1 204 No Content\r\nx-OFFERED: yes\r\nContent-length:0\r\n\r\n");
        try (GuestConnection agent = new GuestConnection(link, "vm-1")) {
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
        try (GuestConnection agent = new GuestConnection(link, "vm-1")) {
            assertThat(agent.get("/ping").status()).isZero();
        }
    }

    @Test
    void anEndlessHeadIsNotKept() {
        host.libvirt.guests().agent(plain("X: " + "a".repeat(100_000) + "\r\n"));
        try (GuestConnection agent = new GuestConnection(link, "vm-1")) {
            assertThatThrownBy(() -> agent.get("/ping")).isInstanceOf(VmException.class).hasMessageContaining("65536 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-5\r\n", "\r\n", "ffffffffffffffff\r\n", "fffffffffffffffffff\r\n"})
    void aChunkWhoseSizeIsNoneIsNoAnswer(String chunk) {
        host.libvirt.guests().agent(plain("Transfer-Encoding: chunked\r\n") + chunk + "\r\n0\r\n\r\n");
        try (GuestConnection agent = new GuestConnection(link, "vm-1")) {
            assertThatThrownBy(() -> agent.get("/ping")).isInstanceOf(VmException.class).hasMessageContaining("vm-1");
        }
    }

    @Test
    void aLinkThatIsDownIsToldAtOnce() {
        link.close();
        assertThatThrownBy(() -> new GuestConnection(link, "vm-1")).isInstanceOf(VmException.class).hasMessageContaining("vm-1");
    }
}
