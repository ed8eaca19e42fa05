package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.client.ScriptedServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {

    private static final Instant NOW = Instant.parse("2026-11-26T07:20:00Z");

    @TempDir
    private Path folder;
    private final ScriptedServer server = World.up();
    /** Has the paths of an identity provider below the same {@code /agents}. */
    private final ScriptedServer issuer = new ScriptedServer();
    private final Deque<String> tokenAnswers = new ArrayDeque<>();

    LoginTest() {
        issuer.on("GET /.well-known/openid-configuration", 200, "{\"token_endpoint\":\"" + issuer.endpoint() + "/token\",\"device_authorization_endpoint\":\""
                + issuer.endpoint() + "/device\"}");
        issuer.on("POST /device", 200, "{\"device_code\":\"D\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"https://login.example/device\",\"expires_in\":600,\"interval\":1}");
        issuer.on("POST /token", exchange -> {
            String answer = tokenAnswers.remove();
            ScriptedServer.send(exchange, answer.contains("access_token") ? 200 : 400, answer);
        });
    }

    @AfterEach
    void stop() {
        server.close();
        issuer.close();
    }

    private Ran.In in() {
        return new Ran.In(folder).server(server.endpoint());
    }

    private Path credentials() {
        return folder.resolve("settings/credentials.json");
    }

    @Test
    void aTokenIsKeptForItsServerWhereOnlyItsOwnerMayReadIt() throws IOException {
        assertThat(in().input("T\n").run("login", "--token-file", "-")).returns(0, Ran::code);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(credentials()))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(credentials().getParent()))).isEqualTo("rwx------");
        // The server is the one of the settings from now on.
        assertThat(new Ran.In(folder).run("status").code()).isZero();
        assertThat(server.last().header()).containsEntry("Authorization", "Bearer T");
        assertThat(in().run("logout").out()).isEqualTo("The login for " + server.endpoint() + " is forgotten\n");
        assertThat(Files.readString(credentials())).isEqualTo("{}");
    }

    @Test
    void commandsGoWhereTheLastLoginWentAndTheSettingsKeepTheirOtherLines() throws IOException {
        Path settings = folder.resolve("settings/config.properties");
        Files.createDirectories(settings.getParent());
        Files.writeString(settings, "# mine\nserver = http://gone.example/agents\n# and yours\n");

        assertThat(in().input("T").run("login", "--token-file", "-").err()).contains("from now on, and to http://gone.example/agents with --server.");

        assertThat(Files.readAllLines(settings)).containsExactly("# mine", "# and yours", "server = " + server.endpoint());
        assertThat(new Ran.In(folder).run("status").code()).isZero();
        assertThat(in().input("T").run("login", "--token-file", "-").err()).doesNotContain("from now on");
    }

    @Test
    void aTokenOfTheEnvironmentCountsBeforeALogin() {
        in().input("T").run("login", "--token-file", "-");
        in().with("AGENTCTL_TOKEN", "E").run("status");
        assertThat(server.last().header()).containsEntry("Authorization", "Bearer E");
    }

    @Test
    void aFileThatOthersMayReadIsNotUsed() throws IOException {
        in().input("T").run("login", "--token-file", "-");
        Files.setPosixFilePermissions(credentials(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(in().run("status")).returns(4, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("Others may read").contains("chmod 600"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\u0000", "ü"})
    void whatCannotBeATokenIsRefused(String token) {
        assertThat(in().input(token + "\n").run("login", "--token-file", "-").err()).contains("The token has characters that no token has, or is empty");
    }

    @Test
    void anAccessKeySigns() throws IOException {
        Files.writeString(folder.resolve("secret"), "wJalr\n");
        assertThat(in().run("login", "--access-key", "AKORDERS01", "--region", "eu-central-1", "--secret-file", "secret").code()).isZero();
        assertThat(server.last().header().get("Authorization")).startsWith("AWS4-HMAC-SHA256 Credential=AKORDERS01/").contains("/eu-central-1/bedrock-agentcore/");
    }

    @Test
    void aSecretIsNeverOnTheCommandLine() {
        assertThat(in().run("login", "--access-key", "A").err()).contains("There is no terminal to ask at").contains("--secret-file");
        assertThat(in().run("login", "--help").out()).doesNotContain("--token=", "--secret=", "--password");
    }

    @Test
    void aClientLogsInByItsSecretAndItsTokenIsRenewed() {
        tokenAnswers.add("{\"access_token\":\"one\",\"expires_in\":60}");
        tokenAnswers.add("{\"access_token\":\"two\",\"expires_in\":60}");
        assertThat(in().input("secret\n").run("login", "--issuer", issuer.endpoint().toString(), "--client-id", "me", "--client-credentials",
                "--secret-file", "-").code()).isZero();
        assertThat(server.last().header()).containsEntry("Authorization", "Bearer one");
        assertThat(issuer.last().text()).contains("grant_type=client_credentials", "client_secret=secret").doesNotContain("scope");
        in().clock(Clock.fixed(NOW.plusSeconds(45), ZoneOffset.UTC)).run("status");
        assertThat(server.last().header()).containsEntry("Authorization", "Bearer two");
        in().clock(Clock.fixed(NOW.plusSeconds(50), ZoneOffset.UTC)).run("status");
        assertThat(server.last().header()).as("kept").containsEntry("Authorization", "Bearer two");
    }

    private final List<Duration> waits = new ArrayList<>();
    private final Provider provider = new Provider(HttpClient.newHttpClient(), Clock.fixed(NOW, ZoneOffset.UTC), waits::add, Provider.WITHIN);

    private StoredLogin.Provider device() {
        Provider.Addresses addresses = provider.discover(issuer.endpoint());
        Provider.Asked asked = provider.begin(addresses, "me", "openid");
        assertThat(asked).returns("ABCD-EFGH", Provider.Asked::userCode).returns("https://login.example/device", Provider.Asked::address);
        return provider.await(addresses, "me", "openid", asked);
    }

    @Test
    void aPersonAgreesInABrowserMeanwhile() {
        tokenAnswers.addAll(List.of("{\"error\":\"authorization_pending\"}", "{\"error\":\"slow_down\"}", "{\"access_token\":\"T\",\"refresh_token\":\"R\",\"expires_in\":300}"));
        assertThat(device()).returns("T", StoredLogin.Provider::token).returns(Optional.of("R"), StoredLogin.Provider::refresh)
                .returns(NOW.plusSeconds(300), StoredLogin.Provider::expiresAt);
        assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(6));
        assertThat(issuer.last().text()).contains("device_code=D", "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code");
    }

    @Test
    void aPersonMayRefuse() {
        tokenAnswers.add("{\"error\":\"access_denied\",\"error_description\":\"She does not want to\"}");
        assertThatThrownBy(this::device).isInstanceOf(Problem.class).hasMessage("The identity provider did not log in: She does not want to");
    }

    @Test
    void aLoginIsRenewedByItsRefreshToken() {
        tokenAnswers.add("{\"access_token\":\"new\"}");
        StoredLogin.Provider old = new StoredLogin.Provider(URI.create(issuer.endpoint() + "/token"), "me", Optional.empty(), "openid", "old", NOW, Optional.of("R"));
        assertThat(provider.renewed(old)).returns("new", StoredLogin.Provider::token).returns(Optional.of("R"), StoredLogin.Provider::refresh);
        assertThat(StoredLogin.of(old.json())).isEqualTo(old);
    }

    @Test
    void secretsGoNowhereInTheClear() {
        assertThat(in().run("login", "--issuer", "http://login.example", "--client-id", "me").err()).contains("must begin with https://");
        issuer.on("GET /.well-known/openid-configuration", 200, "{\"token_endpoint\":\"http://login.example/token\"}");
        assertThatThrownBy(() -> provider.discover(issuer.endpoint())).hasMessageContaining("must begin with https://");
    }

    @Test
    void anIssuerThatIsNoneIsSaidToBeNone() {
        issuer.on("GET /.well-known/openid-configuration", 200, "<html>");
        assertThatThrownBy(() -> provider.discover(issuer.endpoint())).hasMessageContaining("is no identity provider");
        issuer.close();
        assertThatThrownBy(() -> provider.discover(issuer.endpoint())).hasMessageContaining("does not answer");
    }

    @Test
    void oneKindOfLoginIsNamed() {
        assertThat(in().run("login").code()).isEqualTo(2);
        assertThat(in().run("login", "--token-file", "a", "--access-key", "b").code()).isEqualTo(2);
        assertThat(in().run("login", "--token-file", "none").err()).isEqualTo("agentctl: There is no file none.\n");
    }

    @Test
    void whatTheServerRefusesTakesTheOldLoginsPlaceNot() throws IOException {
        assertThat(in().input("old").run("login", "--token-file", "-").code()).isZero();
        String before = Files.readString(credentials());
        server.on("GET /runtimes", 401, "{\"message\":\"The token is not valid\"}");
        assertThat(in().input("new").run("login", "--token-file", "-")).returns(4, Ran::code);
        assertThat(in().with("AGENTCTL_TOKEN", "E").input("new").run("login", "--token-file", "-")).as("the login is tried, and not the variable").returns(4, Ran::code);
        assertThat(server.last().header()).containsEntry("Authorization", "Bearer new");
        assertThat(Files.readString(credentials())).isEqualTo(before);
        assertThat(in().input("new").run("login", "--token-file", "-", "--no-check").code()).isZero();
        assertThat(Files.readString(credentials())).contains("\"new\"");
    }

    @Test
    void aSecretIsNotEmpty() throws IOException {
        Files.writeString(folder.resolve("secret"), "\n");
        assertThat(in().run("login", "--access-key", "AKORDERS01", "--secret-file", "secret")).returns(2, Ran::code).returns("agentctl: The secret is empty. Is it the right file?\n", Ran::err);
    }

    @Test
    void ofAnInputWithoutAnEndNoMoreIsReadThanATokenHas() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'a';
            }
        };
        assertThat(in().input(endless).run("login", "--token-file", "-").err()).contains("The token has characters that no token has");
    }

    @Test
    void aTokenThatAnotherAgentctlHasRenewedIsTaken() {
        tokenAnswers.add("{\"access_token\":\"new\",\"refresh_token\":\"R2\"}");
        Logins logins = new Logins(credentials());
        StoredLogin.Provider old = new StoredLogin.Provider(URI.create(issuer.endpoint() + "/token"), "me", Optional.empty(), "openid", "old", NOW, Optional.of("R"));
        logins.put(server.endpoint(), old);
        TokenSource one = new TokenSource(logins, server.endpoint(), old, provider, Clock.fixed(NOW, ZoneOffset.UTC));
        TokenSource other = new TokenSource(logins, server.endpoint(), old, provider, Clock.fixed(NOW, ZoneOffset.UTC));
        assertThat(one.get()).hasValue("new");
        assertThat(other.get()).as("R is good once").hasValue("new");
        assertThat(issuer.asked()).filteredOn(asked -> asked.target().equals("/token")).hasSize(1);
        assertThat(logins.of(server.endpoint())).get().isInstanceOfSatisfying(StoredLogin.Provider.class, kept -> assertThat(kept.refresh()).hasValue("R2"));
    }

    @Test
    void loginsThatAreMadeAtOnceAreAllKept() {
        Logins logins = new Logins(credentials());
        IntStream.range(0, 40).parallel().forEach(i -> logins.put(URI.create("http://host" + i), new StoredLogin.Token("t" + i)));
        IntStream.range(0, 40).parallel().filter(i -> i % 2 == 0).forEach(i -> assertThat(logins.remove(URI.create("http://host" + i))).isTrue());
        assertThat(IntStream.range(0, 40).filter(i -> logins.of(URI.create("http://host" + i)).isPresent())).hasSize(20).allMatch(i -> i % 2 == 1);
    }

    @Test
    void aProviderThatStopsInTheMiddleOfItsAnswerIsNotWaitedFor() {
        issuer.on("GET /.well-known/openid-configuration", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        });
        Provider impatient = new Provider(HttpClient.newHttpClient(), Clock.fixed(NOW, ZoneOffset.UTC), waits::add, Duration.ofMillis(500));
        assertThatThrownBy(() -> impatient.discover(issuer.endpoint())).isInstanceOf(Problem.class)
                .extracting(problem -> ((Problem) problem).exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"access_token\":7}", "{\"access_token\":\"two words\"}", "{}"})
    void whatAProviderGivesIsAToken(String answer) {
        issuer.on("POST /token", 200, answer);
        assertThatThrownBy(() -> provider.clientCredentials(URI.create(issuer.endpoint() + "/token"), "me", "secret", "")).isInstanceOf(Problem.class)
                .extracting(problem -> ((Problem) problem).exitCode()).isEqualTo(ExitCode.CREDENTIALS);
        issuer.on("GET /.well-known/openid-configuration", 200, "{\"token_endpoint\":7}");
        assertThatThrownBy(() -> provider.discover(issuer.endpoint())).hasMessageContaining("names no token_endpoint");
    }
}
