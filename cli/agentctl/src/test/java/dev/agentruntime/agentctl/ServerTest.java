package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {

    @TempDir
    private Path folder;
    private final ScriptedServer server = World.up();

    @BeforeEach
    void folder() throws IOException {
        Files.createDirectories(folder.resolve("settings"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void settings(String text) throws IOException {
        Files.writeString(folder.resolve("settings/config.properties"), text);
    }

    @Test
    void anOptionCountsBeforeTheEnvironmentAndThatBeforeTheSettings() throws IOException {
        settings("server = http://localhost:3/agents\n");
        assertThat(new Ran.In(folder).run("status").err()).contains("http://localhost:3/agents");
        assertThat(new Ran.In(folder).with("AGENTCTL_SERVER", "http://localhost:2/agents").run("status").err()).contains("http://localhost:2/agents");
        assertThat(new Ran.In(folder).with("AGENTCTL_SERVER", "http://localhost:2/agents").run("status", "--server", server.endpoint() + "/").code()).isZero();
    }

    @Test
    void aHostAloneIsAServer() throws IOException {
        String port = Integer.toString(server.endpoint().getPort());
        assertThat(new Ran.In(folder).run("status", "--server", "http://localhost:" + port).code()).isZero();
        assertThat(new Ran.In(folder).run("status", "--server", "localhost:1").err()).contains("https://localhost:1/agents");
        assertThat(new Ran.In(folder).run("status", "--server", "ht tp://x")).returns(2, Ran::code);
        assertThat(new Ran.In(folder).run("status", "--server", "ftp://x").err()).contains("https://HOST:PORT/agents");
    }

    @Test
    void aServerIsNeeded() {
        assertThat(new Ran.In(folder).run("status")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).startsWith("agentctl: Which server?"));
    }

    @Test
    void aSettingThatIsNoneIsNamed() throws IOException {
        settings("servr = x\n");
        assertThat(new Ran.In(folder).run("status").err()).contains("'servr', which is none").contains("There are server, trust.");
    }

    @Test
    void costsAreShownWhereTheServerHasPrices() {
        server.on("GET /runtimes/hello/sessions", 200, "{\"sessions\":[" + World.LIVE.replace("\"usage\"", "\"cost\":{\"amount\":0.0007625,\"currency\":\"EUR\"},\"usage\"") + "]}");
        Ran.In in = new Ran.In(folder).server(server.endpoint());
        assertThat(in.run("sessions", "list", "hello").out()).contains("COST").contains("0.0007625 EUR");
        assertThat(in.run("usage", "hello", "--by", "agent,day", "--from", "2026-11-01").out()).isEqualTo("""
                DAY         AGENT  SESSIONS  CALLS  CPU s  GB s    WALL s  COST
                2026-11-26  hello  3         12     18.00  120.00  60.00   0.0007625 USD
                """);
        assertThat(server.last().target()).isEqualTo("/usage?by=agent%2Cday&agent=hello&from=2026-11-01");
        assertThat(in.run("usage", "--from", "yesterday").code()).isEqualTo(2);
    }

    @Test
    void whatIsTrustedHasToBeCertificates() throws IOException {
        Files.writeString(folder.resolve("pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        for (String wrong : new String[] {"pem", "none", "settings"}) {
            assertThat(new Ran.In(folder).server(server.endpoint()).run("status", "--trust", wrong)).returns(2, Ran::code)
                    .satisfies(ran -> assertThat(ran.err()).contains("PKCS#12"));
        }
    }

    @Test
    void aLineIsColouredForATerminalOnly() {
        Ran.In in = new Ran.In(folder).server(server.endpoint());
        assertThat(in.run("status", "hello").out()).doesNotContain("\u001b");
        assertThat(in.terminal().run("status", "hello").out()).contains("\u001b[32mREADY");
        assertThat(in.with("NO_COLOR", "1").run("status", "hello").out()).doesNotContain("\u001b");
    }

    @Test
    void errorsAreJsonToo() {
        Ran ran = new Ran.In(folder).server(server.endpoint()).run("status", "none", "--json");
        assertThat(ran).returns(5, Ran::code).returns("", Ran::out);
        assertThat(ran.err()).isEqualTo("{\"error\":{\"code\":\"NOT_FOUND\",\"exitCode\":5,\"message\":\"There is nothing at /agents/runtimes/none\","
                + "\"status\":404,\"type\":\"ResourceNotFoundException\",\"requestId\":\"request-1\"}}\n");
    }

    @Test
    void whatAServerSaysMovesNoTerminal() {
        server.on("GET /runtimes/hello", 424, "{\"message\":\"a\\u001b]0;title\\u0007b\",\"log\":[\"c\\u009bd\"]}");
        assertThat(new Ran.In(folder).server(server.endpoint()).run("status", "hello").err()).isEqualTo("agentctl: a ]0;title b\n  | c d\n");
    }

    @Test
    void whatIsNotThereYetSaysSoAndDoesNothing() {
        for (String command : new String[] {"budget set x 5 --unit euro", "budget"}) {
            assertThat(new Ran.In(folder).server(server.endpoint()).run(command.split(" "))).as(command).returns(11, Ran::code)
                    .satisfies(ran -> assertThat(ran.err()).startsWith("agentctl: Agent Runtime 0.1.0 has no ").endsWith(" Nothing was done.\n"));
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void bashIsToldHowToComplete() {
        assertThat(new Ran.In(folder).run("completion").out()).contains("complete -F _complete_agentctl").contains("rollback");
    }

    @Test
    void withoutACommandAllAreShown() {
        assertThat(new Ran.In(folder).run()).returns(2, Ran::code).satisfies(ran -> assertThat(ran.out()).startsWith("Usage: agentctl"));
        assertThat(new Ran.In(folder).run("--version").out()).isEqualTo("agentctl 0.1.0\n");
        assertThat(new Ran.In(folder).run("no-such")).returns(2, Ran::code);
    }

    @Test
    void mistakesOfTheCommandLineAreJsonToo() {
        for (String line : new String[] {"status --json --no-such", "--json status a b", "sessions stop --json hello", "invoke --json hello {prompt"}) {
            Ran ran = new Ran.In(folder).server(server.endpoint()).run(line.split(" "));
            assertThat(ran).as(line).returns(2, Ran::code).returns("", Ran::out);
            assertThat(ran.err().lines()).as(line).singleElement().asString().startsWith("{\"error\":{\"code\":\"USAGE\",\"exitCode\":2,\"message\":\"");
        }
        assertThat(new Ran.In(folder).server(server.endpoint()).run("status", "--no-such", "--", "--json").err()).startsWith("Unknown option: '--no-such'");
    }

    @Test
    void whatBeginsWithAnAtIsNoFile() throws IOException {
        Path file = Files.writeString(folder.resolve("words"), "hello");
        assertThat(new Ran.In(folder).server(server.endpoint()).run("status", "@" + file).code()).isEqualTo(5);
        assertThat(server.last().target()).startsWith("/runtimes/%40");
    }

    @Test
    void certificatesOfTheSettingsAreBesideThem() throws IOException {
        settings("trust = own.pem\n");
        assertThat(new Ran.In(folder).server(server.endpoint()).run("status").err()).contains("The certificates in " + folder.resolve("settings/own.pem"));
    }

    @Test
    void anAgentIsFoundByWhatItsWarIsCalled() {
        server.on("GET /runtimes/my_agent_2", 200, World.RUNTIME.replace("hello", "my_agent_2"))
                .on("POST /runtimes/", 200, "{\"agentRuntimes\":[{\"agentRuntimeName\":\"my_agent_2\",\"agentRuntimeId\":\"" + World.ID + "\",\"agentRuntimeVersion\":\"1\"}]}");
        Ran.In in = new Ran.In(folder).server(server.endpoint());
        assertThat(in.run("status", "my-agent.2").out()).startsWith("name      my_agent_2\n");
        assertThat(in.run("endpoints", "list", "my-agent.2").code()).isZero();
        assertThat(in.run("status", "arn:x").code()).isEqualTo(5);
        assertThat(server.last().target()).isEqualTo("/runtimes/arn%3Ax");
    }
}
