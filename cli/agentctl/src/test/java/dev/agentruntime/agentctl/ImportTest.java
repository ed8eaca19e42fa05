package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {

    private static final String JSON = """
            {"$schema": "https://schema.example/agentcore.json", "name": "shop", "version": 1, "runtimes": [
              {"name": "support-agent", "build": "CodeZip", "entrypoint": "main.py", "codeLocation": "app/support/", "runtimeVersion": "PYTHON_3_13",
               "networkMode": "VPC", "vpcConfig": {"subnetIds": ["s"]}, "protocol": "MCP", "envVars": [{"name": "MODEL", "value": "small"}],
               "requestHeaderAllowlist": ["Authorization"], "authorizerType": "CUSTOM_JWT",
               "authorizerConfiguration": {"customJwtAuthorizer": {"discoveryUrl": "https://login.example/.well-known/openid-configuration", "allowedClients": ["app"]}},
               "lifecycleConfiguration": {"idleRuntimeSessionTimeout": 300, "maxLifetime": 3600}, "somethingNew": true}],
             "memories": [{"name": "m"}], "credentials": []}""";
    private static final String YAML = """
            default_agent: support
            agents:
              support:
                name: support
                entrypoint: agent.py
                platform: linux/arm64
                aws:
                  execution_role_auto_create: true
                  network_configuration: {network_mode: PUBLIC, network_mode_config: null}
                  protocol_configuration: {server_protocol: HTTP}
                  lifecycle_configuration: {idle_runtime_session_timeout: 120, max_lifetime: null}
                memory: {mode: STM_ONLY, memory_id: m}
                authorizer_configuration:
                  customJWTAuthorizer: {discoveryUrl: https://login.example/.well-known/openid-configuration, allowedAudience: [a, b]}
                request_header_configuration: null
              plain:
                name: plain
                memory: {mode: NO_MEMORY}
            """;

    @TempDir
    private Path folder;

    private Ran read(String file, String text, String... more) throws IOException {
        Files.writeString(folder.resolve(file), text);
        String[] arguments = new String[more.length + 2];
        arguments[0] = "import";
        arguments[1] = file;
        System.arraycopy(more, 0, arguments, 2, more.length);
        return new Ran.In(folder).run(arguments);
    }

    @Test
    void whatAProjectSaysIsCarriedOverAndTheRestIsNamed() throws IOException {
        Ran ran = read("agentcore.json", JSON);
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(folder.resolve("support_agent.agent.json")).content().isEqualTo("{\"agentRuntimeName\":\"support_agent\",\"environmentVariables\":{\"MODEL\":\"small\"},"
                + "\"protocolConfiguration\":{\"serverProtocol\":\"MCP\"},\"authorizerConfiguration\":{\"customJWTAuthorizer\":{\"discoveryUrl\":"
                + "\"https://login.example/.well-known/openid-configuration\",\"allowedClients\":[\"app\"]}},\"requestHeaderConfiguration\":{\"requestHeaderAllowlist\":"
                + "[\"Authorization\"]},\"lifecycleConfiguration\":{\"idleRuntimeSessionTimeout\":300,\"maxLifetime\":3600}}\n");
        assertThat(ran.out().lines().map(String::strip)).containsExactly("support_agent -> support_agent.agent.json",
                "not carried over: memories: memories are not made from here: 'agentctl memory create' makes one where the server has usr:agentMemory-1.0",
                "not carried over: the code: an agent here is a WAR; 'agentctl create support-agent' makes one to put it into",
                "not carried over: networkMode: a guest has no network; what it may reach is its <outbound> and <allow> elements",
                "not carried over: vpcConfig: a guest has no network; what it may reach is its <outbound> and <allow> elements",
                "not carried over: somethingNew: there is no such thing here");
    }

    @Test
    void theStarterToolkitsYamlIsReadToo() throws IOException {
        Ran ran = read(".bedrock_agentcore.yaml", YAML, "--json", "--to", "out");
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(folder.resolve("out/support.agent.json")).content().isEqualTo("{\"agentRuntimeName\":\"support\",\"protocolConfiguration\":{\"serverProtocol\":\"HTTP\"},"
                + "\"authorizerConfiguration\":{\"customJWTAuthorizer\":{\"discoveryUrl\":\"https://login.example/.well-known/openid-configuration\","
                + "\"allowedAudience\":[\"a\",\"b\"]}},\"lifecycleConfiguration\":{\"idleRuntimeSessionTimeout\":120}}\n");
        assertThat(ran.out().lines()).hasSize(2).first().asString().contains("\"notCarriedOver\":[\"the code: ", "\"memory: memories are not made from here");
        assertThat(ran.out().lines()).last().asString().contains("\"settings\":{\"agentRuntimeName\":\"plain\"},\"notCarriedOver\":[]");
    }

    @Test
    void whatIsThereIsWrittenOverOnlyWhenAsked() throws IOException {
        Files.writeString(folder.resolve("support_agent.agent.json"), "mine");
        assertThat(read("agentcore.json", JSON)).returns(6, Ran::code);
        assertThat(folder.resolve("support_agent.agent.json")).content().isEqualTo("mine");
        assertThat(read("agentcore.json", JSON, "--force")).returns(0, Ran::code);
    }

    @Test
    void whatIsNoProjectIsSaidToBeNone() throws IOException {
        assertThat(read("a", "{\"x\": 1}")).returns(12, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("has no agents"));
        assertThat(read("b", "a: [")).returns(12, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("neither JSON nor YAML"));
        assertThat(read("c", "runtimes: [{name: ../x}]")).returns(2, Ran::code);
        assertThat(read("d", "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n").code())
                .as("aliases that grow").isEqualTo(12);
        assertThat(new Ran.In(folder).run("import", "none").code()).isEqualTo(2);
    }

    @Test
    void whatWasWrittenIsDeployed() throws IOException {
        read("agentcore.json", JSON.replace("support-agent", "hello"));
        Files.writeString(folder.resolve("any.war"), "PK");
        try (ScriptedServer server = World.up()) {
            Ran ran = new Ran.In(folder).server(server.endpoint()).run("deploy", "any.war", "--settings", "hello.agent.json", "--env", "B=c");
            assertThat(ran.out()).as(ran.err()).isEqualTo("hello version 3 is being prepared\n");
            assertThat(server.asked().stream().filter(asked -> asked.method().equals("PUT") && asked.target().equals("/runtimes/" + World.ID + "/"))).singleElement()
                    .satisfies(asked -> assertThat(asked.text()).contains("\"environmentVariables\":{\"MODEL\":\"small\",\"B\":\"c\"}", "\"serverProtocol\":\"MCP\"",
                            "\"roleArn\":\"arn:aws:iam::000000000000:role/agentctl\"").doesNotContain("agentRuntimeName"));
            assertThat(new Ran.In(folder).server(server.endpoint()).run("deploy", "any.war", "--settings", "any.war").code()).isEqualTo(2);
        }
    }

    @Test
    void anAgentHasANameOfItsOwn() throws IOException {
        for (String nameless : new String[] {"runtimes: [{description: x}]", "runtimes: [x]", "runtimes: [{name: 7}]"}) {
            assertThat(read("a", nameless)).as(nameless).returns(12, Ran::code).returns("agentctl: An agent of the project has no name.\n", Ran::err);
        }
        assertThat(read("b", "runtimes: [{name: a-b}, {name: a_b}]", "--force")).returns(12, Ran::code).returns("agentctl: b has two agents of the name a_b. Change one of them.\n", Ran::err);
        assertThat(read("c", "runtimes: [{name: 1a}]").err()).endsWith("Change it in the project.\n");
        try (var written = Files.list(folder)) {
            assertThat(written.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void whatIsAPartOfItselfIsRefused() throws IOException {
        assertThat(read("a", "runtimes: [{name: a, authorizer_configuration: {customJWTAuthorizer: &x {allowedClients: [*x]}}}]")).returns(12, Ran::code)
                .returns("agentctl: a has something in it that is a part of itself.\n", Ran::err);
        assertThat(read("b", "x: &l [1]\nruntimes: [{name: a, requestHeaderAllowlist: *l, y: *l}]").code()).as("twice is not in itself").isZero();
    }

    @Test
    void numbersStayAsTheyAre() throws IOException {
        assertThat(read("a", "runtimes: [{name: a, lifecycleConfiguration: {maxLifetime: 99999999999, idleRuntimeSessionTimeout: 1.5}}]").code()).isZero();
        assertThat(folder.resolve("a.agent.json")).content().contains("\"idleRuntimeSessionTimeout\":1.5", "\"maxLifetime\":99999999999");
    }
}
