package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.channel.ControlMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NewIdentityTest {
    private static final Instant TIME = Instant.parse("2031-05-06T07:08:09Z");

    @TempDir
    Path folder;

    private static final byte[] NONE = new byte[0];

    private final FakeMachine machine = new FakeMachine();
    private FakeHygiene liberty;
    private NewIdentity identity;
    private Path hosts;
    private final List<List<Outbound>> ledOut = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        Path socket = folder.resolve("hygiene.sock");
        liberty = new FakeHygiene(socket);
        hosts = folder.resolve("hosts");
        identity = new NewIdentity(new Hygiene(socket), new HostsFile(hosts), ledOut::add, machine);
    }

    @AfterEach
    void stop() throws IOException {
        liberty.close();
    }

    private static ControlMessage renew() {
        return ControlMessage.of("renew").with("entropy", Base64.getEncoder().encodeToString(new byte[64]))
                .with("epochMillis", Long.toString(TIME.toEpochMilli())).with("hostname", "s-abc");
    }

    private static ControlMessage begin(String session) {
        return ControlMessage.of("begin").with("epochMillis", Long.toString(TIME.toEpochMilli())).with("sessionId", session);
    }

    private void hooks(String count) {
        liberty.answers(request -> ControlMessage.of("ok").with(HygieneServer.HOOKS, count));
    }

    @Test
    void renewingGivesRandomnessANameAndTheTimeInThisOrder() throws Exception {
        hooks("0");
        identity.renew(renew());
        assertThat(machine.done).containsExactly("reseed with 64 bytes", "host name s-abc", "clock");
        assertThat(machine.clock).isBetween(TIME, TIME.plusSeconds(30));
        assertThat(hosts).hasContent("127.0.0.1 localhost s-abc");
    }

    @Test
    void libertyGetsASecretOfItsOwn() {
        hooks("0");
        identity.renew(renew());
        ControlMessage request = liberty.requests.get(0);
        assertThat(request.verb()).isEqualTo(HygieneServer.RENEW);
        assertThat(request.field("entropy")).get().isNotEqualTo(renew().field("entropy").orElseThrow());
        assertThat(Base64.getDecoder().decode(request.field("entropy").orElseThrow())).hasSize(Entropy.BYTES);
    }

    @Test
    void hooksAreToldOfTheSessionWhereThereAreSome() {
        hooks("2");
        identity.renew(renew());
        identity.begin(begin("session-9"), NONE);
        assertThat(liberty.requests).last().satisfies(last -> {
            assertThat(last.verb()).isEqualTo(HygieneServer.BEGIN);
            assertThat(last.field("sessionId")).contains("session-9");
        });
    }

    @Test
    void withoutHooksNobodyIsCalledAndTheClockIsSet() {
        hooks("0");
        identity.renew(renew());
        identity.begin(begin("session-9"), NONE);
        assertThat(liberty.requests).hasSize(1);
        assertThat(machine.done).endsWith("clock", "clock");
    }

    @Test
    void theEndSetsTheClockAndTellsHooksWhereThereAreSome() {
        hooks("2");
        identity.renew(renew());
        identity.end(ControlMessage.of("end").with("epochMillis", Long.toString(TIME.toEpochMilli())));
        assertThat(liberty.requests).last().extracting(ControlMessage::verb).isEqualTo(HygieneServer.END);
        assertThat(machine.done).endsWith("clock", "clock");
        hooks("0");
        identity.renew(renew());
        identity.end(ControlMessage.of("end").with("epochMillis", Long.toString(TIME.toEpochMilli())));
        assertThat(liberty.requests).last().extracting(ControlMessage::verb).isEqualTo(HygieneServer.RENEW);
    }

    @Test
    void anEnvironmentIsPassedOnWithoutHooksTooAndTakenBackByTheNextBeginning() {
        hooks("0");
        identity.renew(renew());
        identity.begin(begin("one"), "KEY=sk-secret\0".getBytes());
        identity.begin(begin("two"), NONE);
        identity.begin(begin("three"), NONE);
        assertThat(liberty.requests).extracting(request -> request.field("sessionId").orElse("renewed")).containsExactly("renewed", "one", "two");
        assertThat(liberty.bodies).containsExactly("", "KEY=sk-secret\0", "");
    }

    @Test
    void outboundsAreOpenedAndWrittenIntoTheHostsFileBeforeHooksAreTold() {
        hooks("1");
        identity.renew(renew());
        liberty.answers(request -> {
            assertThat(hosts).hasContent("127.0.0.1 localhost s-abc\n127.0.1.1 openai.outbound\n127.0.1.2 db.outbound");
            assertThat(ledOut).containsExactly(List.of(new Outbound("openai", 80), new Outbound("db", 5432)));
            return ControlMessage.of("ok");
        });
        identity.begin(begin("s").with("outbounds", "openai:80,db:5432"), NONE);
        assertThat(liberty.requests).hasSize(2);
    }

    @Test
    void outboundsThatAreNoneFailTheBeginningBeforeAnythingIsChanged() {
        assertThatThrownBy(() -> identity.begin(begin("s").with("outbounds", "openai"), NONE)).isInstanceOf(GuestException.class);
        assertThat(machine.done).isEmpty();
        assertThat(ledOut).isEmpty();
    }

    @Test
    void aGuestThatWasNeverRenewedAsksForItsHooks() {
        identity.begin(begin("session-9"), NONE);
        assertThat(liberty.requests).hasSize(1);
    }

    @Test
    void aHookThatFailsIsToldWithItsMessage() {
        hooks("1");
        identity.renew(renew());
        liberty.answers(request -> ControlMessage.error("The agent's afterRestore hook failed: no network"));
        assertThatThrownBy(() -> identity.begin(begin("s"), NONE)).isInstanceOf(GuestException.class).hasMessageContaining("no network");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a b", "a\nb", "a.b", "é", "0123456789012345678901234567890123456789012345678901234567890123"})
    void whatIsNoHostNameChangesNothing(String name) {
        assertThatThrownBy(() -> identity.renew(renew().with("hostname", name))).isInstanceOf(GuestException.class).hasMessageContaining("no host name");
        assertThat(machine.done).isEmpty();
        assertThat(hosts).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "no base64!", "====", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})
    void tooLittleEntropyChangesNothing(String entropy) {
        assertThatThrownBy(() -> identity.renew(renew().with("entropy", entropy))).isInstanceOf(GuestException.class);
        assertThat(machine.done).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "99999999999999999999"})
    void aTimeThatIsNoNumberIsRefused(String time) {
        assertThatThrownBy(() -> identity.begin(begin("s").with("epochMillis", time), NONE)).hasMessageContaining("epochMillis");
        assertThatThrownBy(() -> identity.setClock(ControlMessage.of("clock"))).hasMessageContaining("lacks the field epochMillis");
        assertThat(machine.done).isEmpty();
    }

    @Test
    void aHostsFileThatCannotBeWrittenIsNamed() throws Exception {
        Files.createDirectory(hosts);
        assertThatThrownBy(() -> identity.renew(renew())).isInstanceOf(GuestException.class).hasMessageContaining(hosts.toString());
    }

    @Test
    void aServerThatDoesNotAnswerFailsTheRenewal() throws Exception {
        liberty.close();
        assertThatThrownBy(() -> identity.renew(renew())).isInstanceOf(GuestException.class).hasMessageContaining("did not answer 'renew'");
    }
}
