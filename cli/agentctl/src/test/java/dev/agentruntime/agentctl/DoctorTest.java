package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {

    private static final Instant NOW = Instant.parse("2026-11-26T07:20:00Z");

    @TempDir
    private Path folder;
    private final ScriptedServer server = World.up();

    @AfterEach
    void stop() {
        server.close();
    }

    private Ran.In in() {
        return new Ran.In(folder).server(server.endpoint()).clock(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static String token(String claims) {
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".sig";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"sub\":\"alice\",\"iss\":\"https://i\",\"exp\":1795677660} | ok     login: alice, of https://i; the token is good for 1m",
        "{\"sub\":\"alice\",\"exp\":1795677540}                      | WRONG  login: the token of AGENTCTL_TOKEN (alice, of no issuer) expired 1m ago",
        "{\"sub\":7}                                                 | ok     login: nobody named, of no issuer",
        "{\"sub\":\"a\",\"exp\":\"soon\"}                            | ok     login: a, of no issuer",
        "{\"sub\":\"a\",\"exp\":9e99}                                | ok     login: a, of no issuer; the token is good for 2912",
        "{\"sub\":\"a\",\"exp\":-9e99}                               | WRONG  login: the token of AGENTCTL_TOKEN (a, of no issuer) expired",
        "[1]                                                         | note   login: the token of AGENTCTL_TOKEN is no JWT"})
    void aTokenSaysWhoseItIsAndHowLongItIsGood(String claims, String finding) {
        assertThat(in().with("AGENTCTL_TOKEN", token(claims)).run("doctor", "--no-host").out()).startsWith(finding);
    }

    /** The server's is the machine's, and this one stands still. */
    @Test
    void aClockThatIsWrongIsNamed() {
        Ran ran = in().with("AGENTCTL_TOKEN", "T").run("doctor", "--no-host");
        assertThat(ran.out()).contains("WRONG  clock: is ").contains("Set both by NTP");
    }

    @Test
    void withoutALoginItSaysHowToLogIn() {
        assertThat(in().run("doctor", "--no-host").out()).startsWith("WRONG  login: there is none for " + server.endpoint() + "\n       Log in with 'agentctl login', or set AGENTCTL_TOKEN.\n");
    }

    @Test
    void whoMayNotDeployIsToldSoAndAServerThatBreaksIsNot() {
        server.on("POST /runtimes/", 403, "{\"message\":\"It is an administrator's\"}");
        assertThat(in().with("AGENTCTL_TOKEN", "T").run("doctor", "--no-host").out()).contains("note   rights: you may invoke, and not deploy: It is an administrator's");
        server.on("POST /runtimes/", 500, "{\"message\":\"Broken\"}");
        assertThat(in().with("AGENTCTL_TOKEN", "T").run("doctor", "--no-host")).returns(14, Ran::code)
                .satisfies(ran -> assertThat(ran.out()).contains("WRONG  rights: cannot be found out: Broken"));
        server.on("POST /runtimes/", ScriptedServer.cutAfter("application/json", "{"));
        assertThat(in().with("AGENTCTL_TOKEN", "T").run("doctor", "--no-host")).returns(14, Ran::code)
                .satisfies(ran -> assertThat(ran.out()).contains("ok     agent hello: is ready", "WRONG  rights: cannot be found out: The server's answer broke off"));
    }

    @Test
    void aServerThatIsNotThereIsAFinding() {
        server.close();
        assertThat(in().with("AGENTCTL_TOKEN", "T").run("doctor", "--no-host", "--json")).returns(14, Ran::code)
                .satisfies(ran -> assertThat(ran.out()).contains("{\"level\":\"wrong\",\"what\":\"server\",\"found\":\"No connection to the server at "));
    }
}
