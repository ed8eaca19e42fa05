package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The packaged agentctl against the packaged server, whose VMs are in memory. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class AgentctlIT {

    private static final Path SCRIPT = Path.of(System.getProperty("root"), "cli/agentctl/target/agentctl/agentctl").toAbsolutePath().normalize();

    @TempDir
    private Path folder;
    private final Server server = Server.running();

    private record Ran(int code, String out, String err) {}

    private Ran as(String token, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(Map.of("AGENTCTL_SERVER", Server.ENDPOINT.toString(), "AGENTCTL_TOKEN", token, "AGENTCTL_HOME", folder.toString()));
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("agentctl ends").isTrue();
        return new Ran(process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    private Ran agentctl(String... arguments) throws IOException, InterruptedException {
        return as(server.administrator(), arguments);
    }

    private String done(String... arguments) throws IOException, InterruptedException {
        Ran ran = agentctl(arguments);
        assertThat(ran.code()).as(ran.toString()).isZero();
        return ran.out();
    }

    @BeforeEach
    void wars() throws IOException {
        for (String name : List.of("by-hand", "by-hand-2")) {
            try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".war")); JarOutputStream war = new JarOutputStream(out)) {
                war.putNextEntry(new JarEntry("WEB-INF/web.xml"));
                war.write(("<web-app><!-- " + name + " --></web-app>").getBytes());
            }
        }
    }

    @Test
    void anAgentIsDeployedAskedRolledBackAndDestroyed() throws Exception {
        assertThat(done("deploy", "by-hand.war", "--wait", "--env", "A=b")).isEqualTo("by_hand version 1 is ready\n");
        assertThat(done("deploy", "by-hand.war", "--wait", "--env", "A=b")).as("the same again").isEqualTo("by_hand version 1 is ready\n");
        assertThat(done("deploy", "by-hand-2.war", "--name", "by_hand", "--wait", "--endpoint", "beta"))
                .isEqualTo("by_hand version 2 is ready, and endpoint beta leads to it\n");
        assertThat(done("versions", "by-hand")).containsPattern("2 +READY .* DEFAULT, beta|2 +READY .* beta, DEFAULT").containsPattern("1 +READY ");
        assertThat(done("rollback", "by-hand", "--endpoint", "beta", "--wait")).isEqualTo("Endpoint beta of by_hand leads to version 1\n");
        assertThat(done("rollback", "by-hand", "--wait")).isEqualTo("Endpoint DEFAULT of by_hand leads to version 3, which is version 1 made anew\n");
        assertThat(done("endpoints", "list", "by-hand")).containsPattern("DEFAULT +READY +3").containsPattern("beta +READY +1");
        String session = "by-hand-00000000000000000000000000001";
        assertThat(done("invoke", "by-hand", "{\"prompt\":\"Ada\"}", "--session", session)).contains("Ada");
        assertThat(done("sessions", "list", "by-hand", "--json")).contains("\"sessionId\":\"" + session + "\"");
        assertThat(done("sessions", "show", "by-hand", session)).contains("status     ");
        assertThat(done("sessions", "stop", "by-hand", session)).startsWith(session + " has ended: ");
        assertThat(done("usage", "--by", "subject", "--csv")).startsWith("day,agent,subject,issuer,session,");
        assertThat(done("doctor", "--no-host", "--json")).contains("\"what\":\"rights\",\"found\":\"you may deploy\"");
        assertThat(done("endpoints", "delete", "by-hand", "beta")).contains("is being deleted");
        assertThat(done("destroy", "by-hand", "--yes")).isEqualTo("by_hand is deleted\n");
        assertThat(agentctl("status", "by_hand").code()).isEqualTo(5);
    }

    @Test
    void whatTheServerRefusesIsToldWithItsCode() throws Exception {
        assertThat(as("nonsense", "status")).returns(4, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("agentctl login"));
        String invoker = server.servers.token("alice");
        assertThat(as(invoker, "deploy", "by-hand.war").code()).isEqualTo(4);
        assertThat(as(invoker, "status", "none").code()).isEqualTo(5);
        assertThat(as(invoker, "invoke", "none").code()).isEqualTo(5);
        assertThat(as(invoker, "invoke", "hello", "--session", "short").code()).isEqualTo(12);
        assertThat(agentctl("destroy", "hello", "--yes")).returns(6, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("server.xml"));
        assertThat(agentctl("endpoints", "list", "none").code()).isEqualTo(5);
    }

    @Test
    void anAccessKeySignsWhatItAsks() throws Exception {
        Files.writeString(folder.resolve("secret"), Server.SECRET);
        ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "login", "--server", Server.ENDPOINT.toString(), "--access-key", Server.KEY_ID,
                "--region", Server.REGION, "--secret-file", "secret").directory(folder.toFile()).redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
        builder.environment().put("AGENTCTL_HOME", folder.toString());
        builder.environment().remove("AGENTCTL_TOKEN");
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(folder.resolve("out"))).isEqualTo("Logged in to " + Server.ENDPOINT + "\n");
    }
}
