package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployTest {

    @TempDir
    private Path folder;
    private final ScriptedServer server = World.up();

    @BeforeEach
    void wars() throws IOException {
        Files.writeString(folder.resolve("hello.war"), "PK");
        Files.writeString(folder.resolve("my-agent.war"), "PK");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Ran run(String... arguments) {
        return new Ran.In(folder).server(server.endpoint()).with("AGENTCTL_TOKEN", "T").with("SECRET", "s").run(arguments);
    }

    private String sent(String method, String path) {
        List<ScriptedServer.Asked> asked = server.asked().stream().filter(one -> one.method().equals(method) && one.target().equals(path)).toList();
        assertThat(asked).hasSize(1);
        return asked.get(0).text();
    }

    @Test
    void aNewAgentIsNamedAsItsWarWithoutWhatNamesCannotHave() {
        server.on("PUT /artifacts/my_agent.war", 200, "{\"uri\":\"artifact:my_agent.war@sha256:bb\",\"digest\":\"sha256:bb\"}")
                .on("PUT /runtimes/", 202, World.version(1).replace("hello", "my_agent").replace("READY", "CREATING"));
        Ran ran = run("deploy", "my-agent.war", "--memory", "512", "--idle-timeout", "60", "--env", "SECRET");
        assertThat(ran.out()).isEqualTo("my_agent version 1 is being prepared\n");
        assertThat(ran.err()).isEqualTo("See how far it is: agentctl status my_agent\n");
        assertThat(sent("PUT", "/runtimes/")).contains("\"agentRuntimeName\":\"my_agent\"", "\"containerUri\":\"artifact:my_agent.war@sha256:bb\"",
                "\"minimumMemoryInMiB\":512", "\"idleRuntimeSessionTimeout\":60", "\"SECRET\":\"s\"", "\"clientToken\":");
    }

    @Test
    void theNextVersionKeepsWhatIsNotSaid() {
        assertThat(run("deploy", "hello.war", "--env", "C=d").code()).isZero();
        assertThat(sent("PUT", "/runtimes/" + World.ID + "/")).contains("\"environmentVariables\":{\"A\":\"b\",\"C\":\"d\"}",
                "\"roleArn\":\"arn:aws:iam::000000000000:role/agentctl\"", "\"containerUri\":\"artifact:hello.war@sha256:aa\"").doesNotContain("agentRuntimeName");
    }

    @Test
    void whatIsThereAlreadyIsNotMadeAgain() {
        server.on("PUT /artifacts/hello.war", 200, "{\"uri\":\"artifact:hello.war@sha256:aa\",\"digest\":\"sha256:9f86d081884c7d659a2feaa0c55ad015\"}");
        Ran ran = run("deploy", "hello.war", "--wait");
        assertThat(ran.out()).isEqualTo("hello version 2 is ready\n");
        assertThat(ran.err()).startsWith("Version 2 of hello has this WAR and these settings already.\n");
        assertThat(server.asked()).noneMatch(asked -> asked.method().equals("PUT") && asked.target().startsWith("/runtimes/"));
    }

    @Test
    void aVersionThatCannotBePreparedIsTheAgentsFault() {
        server.on("GET /runtimes/" + World.ID + "/", 200, World.version(3).replace("\"READY\"", "\"UPDATE_FAILED\",\"failureReason\":\"no entrypoint\""));
        assertThat(run("deploy", "hello.war", "--wait")).returns(8, Ran::code)
                .returns("agentctl: Version 3 of hello could not be prepared: no entrypoint\n", Ran::err);
    }

    @Test
    void whatIsNotReadyInTimeGoesOn() {
        server.on("GET /runtimes/" + World.ID + "/", 200, World.version(3).replace("READY", "UPDATING"));
        Ran ran = run("deploy", "hello.war", "--wait", "--timeout", "0");
        assertThat(ran.code()).isEqualTo(13);
        assertThat(ran.err()).isEqualTo("agentctl: Version 3 of hello is not ready after 0s. The server goes on with it: 'agentctl status hello' shows how far it is.\n");
    }

    @Test
    void anAgentOfTheServersConfigurationIsNotChanged() throws IOException {
        Files.writeString(folder.resolve("fixed.war"), "PK");
        assertThat(run("deploy", "fixed.war")).returns(6, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("Deploy under another --name."));
    }

    @Test
    void whatIsWrongOnTheCommandLineIsSaidBeforeAnythingIsSent() throws IOException {
        Files.writeString(folder.resolve("1.war"), "PK");
        assertThat(run("deploy", "none.war")).returns(2, Ran::code).returns("agentctl: There is no file none.war. Build it first, with 'mvn package'.\n", Ran::err);
        assertThat(run("deploy", "1.war").err()).contains("cannot be an agent's name").contains("--name");
        assertThat(run("deploy", "hello.war", "--env", "NONE").err()).isEqualTo("agentctl: The variable NONE is not set here. Say NONE=VALUE.\n");
        assertThat(run("deploy", "hello.war", "--env", "=x").err()).contains("names no variable");
        assertThat(run("deploy", "hello.war", "--endpoint", "DEFAULT", "--wait").err()).contains("follows the latest version by itself");
        assertThat(run("deploy", "hello.war", "--wait", "--timeout", "-1")).returns(2, Ran::code);
        assertThat(run("endpoints", "set", "hello", "beta", "--wait", "--timeout", "-1")).returns(2, Ran::code);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void variablesOfAFileAreRead() throws IOException {
        Files.writeString(folder.resolve("env"), "# comment\n\nX=1=2\nSECRET\n");
        assertThat(run("deploy", "hello.war", "--env-file", "env").code()).isZero();
        assertThat(sent("PUT", "/runtimes/" + World.ID + "/")).contains("{\"A\":\"b\",\"X\":\"1=2\",\"SECRET\":\"s\"}");
    }

    @Test
    void rollingBackDefaultMakesTheEarlierVersionAnew() {
        assertThat(run("rollback", "hello", "--wait").out()).isEqualTo("Endpoint DEFAULT of hello leads to version 3, which is version 1 made anew\n");
        assertThat(sent("PUT", "/runtimes/" + World.ID + "/")).contains("artifact:hello.war@sha256:9f").doesNotContain("status");
    }

    @Test
    void rollingBackAnEndpointLeadsItThere() {
        assertThat(run("rollback", "hello", "--endpoint", "beta", "--to", "2").out()).isEqualTo("Endpoint beta of hello is being led to version 2\n");
    }

    @Test
    void whereNothingIsEarlierNothingIsRolledBack() {
        server.on("POST /runtimes/" + World.ID + "/versions/", 200, "{\"agentRuntimes\":[" + World.version(2) + "]}");
        assertThat(run("rollback", "hello")).returns(5, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("no version before 2"));
    }

    @Test
    void nothingIsDestroyedUnasked() {
        assertThat(run("destroy", "hello")).returns(2, Ran::code).returns("agentctl: Nothing was deleted. Say --yes, or answer with the name.\n", Ran::err);
        Ran asked = new Ran.In(folder).server(server.endpoint()).with("AGENTCTL_TOKEN", "T").with("NO_COLOR", "1").terminal().input("hello\n").run("destroy", "hello");
        assertThat(asked).returns(0, Ran::code).returns("hello is deleted\n", Ran::out);
    }

    @Test
    void aWarsNameFindsItsAgent() {
        server.on("GET /runtimes/my_agent", 200, World.RUNTIME.replace("hello", "my_agent"));
        assertThat(run("status", "my-agent").out()).startsWith("name      my_agent\n");
    }

    @Test
    void whatIsNoVariableIsNotShown() throws IOException {
        Files.writeString(folder.resolve("env"), "A=b\n# more\nmy key=secret\n");
        assertThat(run("deploy", "hello.war", "--env-file", "env")).returns(2, Ran::code).returns("agentctl: Line 3 of env names no variable. It is NAME=VALUE,"
                + " or NAME for the value here; a name has letters, digits, '_', '.' and '-'.\n", Ran::err);
        assertThat(run("deploy", "hello.war", "--env", "=secret").err()).startsWith("agentctl: --env names no variable.").doesNotContain("secret");
    }

    @Test
    void aSettingThatIsNoneIsNamedAndNotLeftOut() throws IOException {
        Files.writeString(folder.resolve("s.json"), "{\"agentRuntimeName\":\"hello\",\"enviromentVariables\":{}}");
        assertThat(run("deploy", "hello.war", "--settings", "s.json")).returns(2, Ran::code)
                .satisfies(ran -> assertThat(ran.err()).startsWith("agentctl: The settings in s.json have enviromentVariables, which is no setting. There are agentRuntimeArtifact,"));
        for (String wrong : new String[] {"[1]", "{\"agentRuntimeName\":7}", "{\"a\":".repeat(2000), "{\"a\":1e99999999999}", ""}) {
            Files.writeString(folder.resolve("s.json"), wrong);
            assertThat(run("deploy", "hello.war", "--settings", "s.json")).as(wrong).returns(2, Ran::code);
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void tagsAreTheFirstVersions() throws IOException {
        Files.writeString(folder.resolve("s.json"), "{\"agentRuntimeName\":\"fresh\",\"tags\":{\"team\":\"a\"}}");
        server.on("PUT /artifacts/fresh.war", 200, "{\"uri\":\"artifact:fresh.war@sha256:bb\",\"digest\":\"sha256:bb\"}").on("PUT /runtimes/", 202, World.version(1));
        assertThat(run("deploy", "hello.war", "--settings", "s.json").code()).isZero();
        assertThat(sent("PUT", "/runtimes/")).contains("\"tags\":{\"team\":\"a\"}");
        Files.writeString(folder.resolve("s.json"), "{\"tags\":{\"team\":\"a\"}}");
        assertThat(run("deploy", "hello.war", "--settings", "s.json").code()).isZero();
        assertThat(sent("PUT", "/runtimes/" + World.ID + "/")).doesNotContain("tags");
    }
}
