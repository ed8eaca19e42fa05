package dev.agentruntime.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.client.ScriptedServer;
import java.io.File;
import java.lang.reflect.Field;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoalsTest {

    private static final String ID = "my_agent-0123456789";

    private final ScriptedServer server = new ScriptedServer();
    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    private <T extends AgentGoal> T goal(T goal, Map<String, Object> parameters) throws ReflectiveOperationException {
        set(goal, AgentGoal.class, "name", "my-agent");
        set(goal, AgentGoal.class, "server", server.endpoint().toString());
        for (Map.Entry<String, Object> parameter : parameters.entrySet()) {
            set(goal, goal.getClass(), parameter.getKey(), parameter.getValue());
        }
        return goal;
    }

    private static void set(Object goal, Class<?> type, String name, Object value) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        field.set(goal, value);
    }

    @Test
    void theWarIsDeployedUnderTheProjectsName() throws Exception {
        String version = "{\"agentRuntimeId\":\"" + ID + "\",\"agentRuntimeVersion\":\"1\",\"status\":\"READY\"}";
        server.on("POST /runtimes/", 200, "{\"agentRuntimes\":[]}").on("PUT /artifacts/my_agent.war", 200, "{\"uri\":\"artifact:my_agent.war@sha256:9f\"}")
                .on("PUT /runtimes/", 202, version).on("GET /runtimes/" + ID + "/", 200, version)
                .on("GET /runtimes/" + ID + "/runtime-endpoints/DEFAULT/", 200, "{\"name\":\"DEFAULT\",\"status\":\"READY\"}");
        File war = Files.writeString(folder.resolve("my-agent.war"), "PK").toFile();
        goal(new DeployGoal(), Map.of("war", war, "environment", Map.of("A", "b"), "memory", 512)).execute();
        assertThat(server.asked().stream().filter(asked -> asked.method().equals("PUT") && asked.target().equals("/runtimes/"))).singleElement()
                .satisfies(asked -> assertThat(asked.text()).contains("\"agentRuntimeName\":\"my_agent\"", "\"A\":\"b\"", "\"minimumMemoryInMiB\":512"));
    }

    @Test
    void theAgentIsAskedByTheProjectsName() throws Exception {
        server.on("GET /runtimes/my_agent", 200, "{\"name\":\"my_agent\"}").on("POST /runtimes/my_agent/invocations", 200, "{}");
        goal(new InvokeGoal(), Map.of("body", "{\"prompt\":\"Ada\"}", "session", "s")).execute();
        assertThat(server.last().text()).isEqualTo("{\"prompt\":\"Ada\"}");
        assertThat(server.last().header()).containsEntry("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "s");
        goal(new StatusGoal(), Map.of()).execute();
    }

    @Test
    void theProjectIsTriedHereByAMavenOfItsOwn() throws Exception {
        Files.writeString(folder.resolve("pom.xml"), "<project/>");
        Path maven = Files.writeString(folder.resolve("mvnw"), "#!/bin/sh\nfor word; do echo \"$word\"; done > told\nexit 3\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        DevGoal goal = new DevGoal();
        for (Map.Entry<String, Object> value : Map.<String, Object>of("project", folder.toFile(), "finalName", "my-agent-1.0", "version", "1.0", "repository", "/r",
                "offline", true, "port", port, "features", "servlet-6.0", "settings", Files.writeString(folder.resolve("settings.xml"), "<settings/>").toFile()).entrySet()) {
            set(goal, DevGoal.class, value.getKey(), value.getValue());
        }
        assertThatThrownBy(goal::execute).isInstanceOf(MojoFailureException.class).hasMessageContaining("agentctl dev ended with 3");
        assertThat(Files.readAllLines(folder.resolve("told"))).contains("io.openliberty.tools:liberty-maven-plugin:3.12.0:dev").endsWith("-Dmaven.repo.local=/r", "--settings", folder.resolve("settings.xml").toString(), "--offline");
        assertThat(folder.resolve("target/agent-dev/config/server.xml")).content().contains("location=\"my-agent.war\"", "<feature>servlet-6.0</feature></featureManager>");
    }

    @Test
    void whatFailsFailsTheBuild() {
        assertThatThrownBy(() -> goal(new StatusGoal(), Map.of()).execute()).isInstanceOf(MojoFailureException.class).hasMessageContaining("ended with 5");
        assertThatThrownBy(() -> goal(new UndeployGoal(), Map.of()).execute()).isInstanceOf(MojoFailureException.class);
    }
}
