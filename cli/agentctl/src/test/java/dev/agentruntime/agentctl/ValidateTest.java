package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateTest {

    private static final String ENTRYPOINT = "…Ldev/agentruntime/sdk/AgentEntrypoint;…";
    private static final String SDK = "WEB-INF/lib/agent-sdk-0.1.0.jar";

    @TempDir
    private Path folder;
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    private ValidateTest with(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    private Ran run(String... more) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("a.war")))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        String[] arguments = new String[more.length + 2];
        arguments[0] = "validate";
        arguments[1] = "a.war";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return new Ran.In(folder).run(arguments);
    }

    @Test
    void anAgentOfTheSdkIsSound() throws IOException {
        Ran ran = with("WEB-INF/classes/com/acme/Hello.class", ENTRYPOINT).with(SDK, "PK").run();
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith("ok     entrypoint: com.acme.Hello\nok     size: ").contains("note   features: not looked at");
    }

    @Test
    void twoEntrypointsAreOneTooMany() throws IOException {
        Ran ran = with("WEB-INF/classes/A.class", ENTRYPOINT).with("WEB-INF/classes/B.class", ENTRYPOINT).with(SDK, "PK").run();
        assertThat(ran.code()).isEqualTo(12);
        assertThat(ran.out()).startsWith("WRONG  entrypoint: there are 2 with @AgentEntrypoint: A, B\n       A WAR has one.");
    }

    @Test
    void anEntrypointNeedsTheSdkAndTheSdkAnEntrypoint() throws IOException {
        assertThat(with("WEB-INF/classes/A.class", ENTRYPOINT).run().out()).contains("WEB-INF/lib has no agent-sdk");
        files.clear();
        assertThat(with(SDK, "PK").run().out()).contains("no class of its own has @AgentEntrypoint");
    }

    @Test
    void aWarMayServeThePathsItself() throws IOException {
        assertThat(with("WEB-INF/classes/A.class", "…/invocations…").with("WEB-INF/web.xml", "<url-pattern>/ping</url-pattern>").run().out())
                .contains("ok     entrypoint: the WAR serves /invocations and /ping itself");
        files.clear();
        assertThat(with("WEB-INF/classes/A.class", "…").run()).returns(0, Ran::code).satisfies(ran -> assertThat(ran.out()).contains("note   entrypoint: no class"));
    }

    @Test
    void whatIsNoWarIsSaidToBeNone() throws IOException {
        assertThat(with("A.class", "…").run()).returns(12, Ran::code).satisfies(ran -> assertThat(ran.out()).contains("it has no WEB-INF"));
        Files.writeString(folder.resolve("b.war"), "no zip");
        assertThat(new Ran.In(folder).run("validate", "b.war")).returns(12, Ran::code).satisfies(ran -> assertThat(ran.out()).contains("is no WAR"));
        assertThat(new Ran.In(folder).run("validate", "none.war").code()).isEqualTo(2);
    }

    @Test
    void thePlatformsApiIsLeftOut() throws IOException {
        assertThat(with("WEB-INF/lib/jakarta.jakartaee-api-10.0.0.jar", "PK").with(SDK, "PK").with("WEB-INF/classes/A.class", ENTRYPOINT).run().out())
                .contains("note   libraries: the API of the platform is in WEB-INF/lib");
    }

    @Test
    void whatItNeedsIsComparedWithAGuestImage() throws IOException {
        Files.createDirectories(folder.resolve("image"));
        Files.writeString(folder.resolve("image/features.index"), "java 11\nbase servlet-6.0\n");
        try (InputStream own = ValidateTest.class.getResourceAsStream("ValidateTest.class")) {
            files.put("WEB-INF/classes/dev/agentruntime/agentctl/ValidateTest.class", own.readAllBytes());
        }
        assertThat(run("--image", "image")).returns(12, Ran::code).satisfies(ran -> assertThat(ran.out()).contains("WRONG  platform: ").contains("the guest has Java 11"));
        Files.writeString(folder.resolve("image/features.index"), "java 17\nbase servlet-6.0\n");
        assertThat(run("--image", "image", "--json").out()).contains("{\"level\":\"ok\",\"what\":\"features\",\"found\":\"what every guest has is enough\",\"remedy\":\"\"}");
        Files.writeString(folder.resolve("image/features.index"), "other 1\n");
        assertThat(run("--image", "image").out()).contains("WRONG  features: cannot be found out");
    }

    @Test
    void aFolderThatIsNoGuestImageIsTheCommandLinesFault() throws IOException {
        assertThat(with(SDK, "PK").run("--image", "none")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("none is no guest image"));
    }
}
