package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a Maven that only writes down what it is told. */
class DevTest {

    @TempDir
    private Path folder;
    private Path project;
    private int port;

    @BeforeEach
    void aProjectAndAMaven() throws IOException {
        new Ran.In(folder).run("create", "my-agent");
        project = folder.resolve("my-agent");
        maven("#!/bin/sh\npwd > " + folder + "/told\nfor word; do echo \"$word\"; done >> " + folder + "/told\n");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    private void maven(String script) throws IOException {
        Path mvn = Files.createDirectories(folder.resolve("bin")).resolve("mvn");
        Files.writeString(mvn, script);
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ran run(String... more) {
        List<String> words = new ArrayList<>(List.of("dev", "--project=my-agent", "--port=" + port));
        words.addAll(List.of(more));
        return new Ran.In(folder).with("PATH", "/no-such:" + folder.resolve("bin")).run(words.toArray(String[]::new));
    }

    private List<String> told() throws IOException {
        return Files.readAllLines(folder.resolve("told"));
    }

    private String serverXml() throws IOException {
        return Files.readString(project.resolve("target/agent-dev/config/server.xml"));
    }

    @Test
    void mavenRunsTheProjectWithAServerThatServesTheAgentsPaths() throws IOException {
        Ran ran = run();
        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(told().get(0)).isEqualTo(project.toRealPath().toString());
        assertThat(told().get(1)).isEqualTo("io.openliberty.tools:liberty-maven-plugin:3.12.0:dev");
        assertThat(told()).contains("-DserverXmlFile=" + project.resolve("target/agent-dev/config/server.xml"), "-DskipTests=true", "-DlooseApplication=true")
                .noneMatch(word -> word.startsWith("-DinstallDirectory"));
        assertThat(serverXml()).contains("<feature>webProfile-10.0</feature><feature>microProfile-6.1</feature>", "host=\"localhost\" httpPort=\"" + port + "\"",
                "location=\"my-agent.war\" contextRoot=\"/\"");
    }

    @Test
    void aLineForCurlIsReadyToBeCopied() {
        assertThat(run().err()).contains("curl http://localhost:" + port + "/invocations -H 'Content-Type: application/json' -H 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: ")
                .contains("-d '{\"prompt\": \"Ada\"}'").contains("curl http://localhost:" + port + "/ping");
        assertThat(run("--json").out()).isEqualTo("{\"name\":\"my-agent\",\"url\":\"http://localhost:" + port + "\"}\n");
    }

    @Test
    void mavensEndIsItsEndAndItsOptionsAreMavens() throws IOException {
        maven("#!/bin/sh\nfor word; do echo \"$word\"; done > " + folder + "/told\nexit 7\n");
        assertThat(run("--", "-o", "-DhotTests=true").code()).isEqualTo(7);
        assertThat(told()).endsWith("-o", "-DhotTests=true");
    }

    @Test
    void aLibertyThatIsThereIsUsed() throws IOException {
        assertThat(run("--liberty=bin")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("is no Open Liberty: it has no bin/server"));
        Path server = Files.createFile(Files.createDirectories(folder.resolve("wlp/bin")).resolve("server"));
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(run("--liberty=wlp", "--features=servlet-6.0,jsonb-3.0").code()).isZero();
        assertThat(told()).contains("-DinstallDirectory=" + folder.resolve("wlp"), "-DskipInstallFeature=true");
        assertThat(serverXml()).contains("<feature>servlet-6.0</feature><feature>jsonb-3.0</feature></featureManager>");
    }

    @Test
    void aServerXmlOfTheProjectsOwnIsTakenAsItIs() throws IOException {
        Files.createDirectories(project.resolve("src/main/liberty/config"));
        Files.writeString(project.resolve("src/main/liberty/config/server.xml"), "<server/>");
        assertThat(run().code()).isZero();
        assertThat(told()).contains("-Dliberty.var.agent.dev.port=" + port).noneMatch(word -> word.startsWith("-DserverXmlFile"));
    }

    @Test
    void theProjectsOwnWrapperComesFirst() throws IOException {
        Files.setPosixFilePermissions(Files.writeString(project.resolve("mvnw"), "#!/bin/sh\nexit 9\n"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(run().code()).isEqualTo(9);
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Files.delete(folder.resolve("bin/mvn"));
        assertThat(run()).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("There is no mvn on the PATH"));
        assertThat(new Ran.In(folder).run("dev")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("There is no pom.xml in ", "agentctl create"));
        maven("#!/bin/sh\n");
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run()).returns(6, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("Port " + taken.getLocalPort() + " is in use. Name another with --port."));
        }
        port = 70000;
        assertThat(run().err()).contains("A port is between 1 and 65535, and 70000 is not.");
    }

    private String nameOf(String pom) throws IOException {
        return Pom.of(Files.writeString(folder.resolve("pom.xml"), pom)).warName();
    }

    @Test
    void theWarIsNamedAsThePomSaysWithoutItsVersion() throws IOException {
        assertThat(nameOf("<project><artifactId>a</artifactId><version>1.0</version></project>")).isEqualTo("a");
        assertThat(nameOf("<project><parent><artifactId>p</artifactId><version>2</version></parent><artifactId>a</artifactId><build><finalName>x-${project.version}</finalName></build></project>"))
                .isEqualTo("x");
        assertThat(nameOf("<project><artifactId>a$1</artifactId><build><finalName>b</finalName></build></project>")).isEqualTo("b");
    }

    @Test
    void aNameThatOnlyMavenKnowsIsAskedFor() throws IOException {
        Files.writeString(project.resolve("pom.xml"), "<project><artifactId>a</artifactId><build><finalName>${elsewhere}</finalName></build></project>");
        assertThat(run()).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("Say --war NAME."));
        assertThat(run("--war=b").code()).isZero();
        assertThat(serverXml()).contains("location=\"b.war\"");
        Files.writeString(project.resolve("pom.xml"), "<!DOCTYPE project [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><project><artifactId>&a;</artifactId></project>");
        assertThat(run()).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("cannot be read"));
    }
}
