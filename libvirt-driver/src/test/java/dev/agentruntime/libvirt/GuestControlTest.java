package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestControlTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String FORGED = "no\r\n[11/26/26] FORGED \u001b[2J\u0000AGRT9999E";

    @TempDir
    Path folder;

    private LinkedGuest linked;
    private FakeHost host;
    private GuestControl control;

    @BeforeEach
    void connect() {
        linked = new LinkedGuest(folder);
        host = linked.host;
        control = new GuestControl(linked.link, "vm-1");
    }

    @AfterEach
    void close() {
        linked.close();
    }

    private void error(String verb, String message, String log) {
        host.libvirt.guests().reply(verb, ControlMessage.error(message), log);
    }

    @Test
    void eachRequestHasItsVerb() {
        control.await(LIMIT);
        control.renew("name");
        control.begin(SessionStart.of("session"));
        control.deploy(host.image.resolve("agent.war"), "/ping", LIMIT);
        control.undeploy();
        control.quiesce();
        control.ping(LIMIT);
        control.log(5, LIMIT);
        control.end(LIMIT);
        assertThat(linked.guest.asked()).containsExactly("await", "renew", "begin", "deploy", "undeploy", "quiesce", "ping", "log", "end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"await", "renew", "begin", "undeploy", "quiesce", "ping", "log", "end"})
    void whatAGuestSaysOfAFailureIsOnOneLineOfBoundedLength(String verb) {
        error(verb, FORGED, "line\u0007\n" + "x".repeat(3000));
        assertThatThrownBy(() -> ask(verb)).isInstanceOf(VmException.class).satisfies(failure -> {
            assertThat(failure.getMessage()).contains("vm-1", "no  [11/26/26] FORGED  AGRT9999E").doesNotContain("\n", "\r", "\u001b", "\u0000", "\u0007");
            assertThat(failure.getMessage()).hasSizeLessThan(2 * GuestText.LONGEST + 200);
        });
    }

    private void ask(String verb) {
        switch (verb) {
            case "await" -> control.await(LIMIT);
            case "renew" -> control.renew("name");
            case "begin" -> control.begin(SessionStart.of("session"));
            case "undeploy" -> control.undeploy();
            case "quiesce" -> control.quiesce();
            case "ping" -> control.ping(LIMIT);
            case "end" -> control.end(LIMIT);
            default -> control.log(5, LIMIT);
        }
    }

    @Test
    void aWarThatDoesNotStartIsToldCleanlyToo() {
        error("deploy", FORGED, "one\n\u001b[31mtwo\u001b[0m\n" + "three\n".repeat(1000));
        assertThatThrownBy(() -> control.deploy(host.image.resolve("agent.war"), "/ping", LIMIT)).isInstanceOfSatisfying(AgentStartException.class, fault -> {
            assertThat(fault.getMessage()).doesNotContain("\n", "\r", "\u001b", "\u0000");
            assertThat(fault.log()).hasSize(200).allMatch(line -> line.equals("three"));
        });
    }

    @Test
    void aWarThatIsGoneIsNamed() {
        Path gone = folder.resolve("gone.war");
        assertThatThrownBy(() -> control.deploy(gone, "/ping", LIMIT)).isInstanceOf(VmException.class).hasMessageContainingAll(gone.toString(), "vm-1");
    }

    @Test
    void aClockThatIsRightIsSetOnceAndOneThatIsNotTwiceMore() {
        control.setClock();
        assertThat(linked.guest.asked()).containsExactly("clock");
        host.libvirt.guests().reply("clock", ControlMessage.of("ok").with("epochMillis", "1000"), "");
        control.setClock();
        assertThat(linked.guest.asked()).hasSize(4);
    }

    @Test
    void aTimeThatIsNoneIsToldWithTheCure() {
        host.libvirt.guests().reply("begin", ControlMessage.of("ok").with("epochMillis", "soon\n"), "");
        assertThatThrownBy(() -> control.begin(SessionStart.of("session"))).isInstanceOf(VmException.class)
                .hasMessage("The VM vm-1 answered 'soon' when asked for its time. Build the guest image anew");
    }

    @Test
    void theLogIsAsManyLinesAsWereAskedForThoughTheGuestSendsMore() {
        host.libvirt.guests().reply("log", ControlMessage.of("ok"), "one\ntwo\nthree\n");
        assertThat(control.log(2, LIMIT)).containsExactly("two", "three");
    }

    @Test
    void aGuestThatIsGoneIsToldByTheVerb() {
        linked.end();
        assertThatThrownBy(() -> control.quiesce()).isInstanceOf(VmException.class).hasMessageContainingAll("vm-1", "'quiesce'");
    }
}
