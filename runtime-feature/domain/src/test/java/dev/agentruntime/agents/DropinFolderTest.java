package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.AgentRuntimeView.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DropinFolderTest extends AgentsTestBase {

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger(DropinFolder.class.getName());
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(line.getMessage());
        }

        @Override
        public void flush() { }

        @Override
        public void close() { }
    };

    @BeforeEach
    void record() {
        logger.addHandler(recorder);
    }

    @AfterEach
    void stopRecording() {
        logger.removeHandler(recorder);
    }

    @Test
    void aDroppedInWarIsAnAgentUntilItIsTakenAway() throws IOException {
        startEmpty();
        war("dropins/my-agent.war", "dropped");
        awaitReady("my-agent");
        Files.delete(folder.resolve("dropins/my-agent.war"));
        ticking(() -> assertThat(agents.views(any -> 0)).isEmpty());
    }

    @Test
    void aWarInCapitalsIsAnAgentToo() throws IOException {
        startEmpty();
        war("dropins/Shop.WAR", "dropped");
        awaitReady("Shop");
    }

    @Test
    void anUnpackedWarIsAnAgentAndAChangeInItIsSeen() throws IOException {
        startEmpty();
        unpacked("shop.war");
        awaitReady("shop");
        String first = view("shop").digest().orElseThrow();
        Files.writeString(folder.resolve("dropins/shop.war/index.html"), "changed");
        Files.setLastModifiedTime(folder.resolve("dropins/shop.war/index.html"), FileTime.fromMillis(1));
        ticking(() -> assertThat(view("shop").digest().orElseThrow()).isNotEqualTo(first));
    }

    @Test
    void anEarSaysInItsStateThatAnAgentIsAWar() throws IOException {
        startEmpty();
        zip("dropins/shop.ear", "META-INF/application.xml", "<application/>");
        ticking(() -> {
            assertThat(agents.views(any -> 0)).extracting(AgentRuntimeView::name).containsExactly("shop");
            assertThat(view("shop").status()).isEqualTo(Status.CREATE_FAILED);
        });
        assertThat(view("shop").statusReason()).contains("is an EAR; an agent is a WAR");
        assertThat(driver.prepared()).isEmpty();
    }

    @Test
    void anUnpackedEarSaysTheSame() throws IOException {
        startEmpty();
        Files.createDirectories(folder.resolve("dropins/shop.ear/META-INF"));
        ticking(() -> assertThat(agents.views(any -> 0)).extracting(AgentRuntimeView::statusReason)
                .allMatch(reason -> reason.contains("is an EAR")).hasSize(1));
    }

    @Test
    void whereAWarAndOthersHaveOneNameTheWarCountsAndTheOthersAreTold() throws IOException {
        startEmpty();
        war("dropins/shop.WAR", "in capitals");
        zip("dropins/shop.ear", "META-INF/application.xml", "<application/>");
        war("dropins/shop.war", "the one");
        awaitReady("shop");
        assertThat(log).filteredOn(line -> line.contains("AGRT0016W")).hasSize(2)
                .allMatch(line -> line.contains("comes from shop.war already"));
    }

    @Test
    void whatCannotBeAnAgentIsToldOnceWithTheReason() throws IOException {
        startEmpty();
        war("dropins/not.a.name.war", "dropped");
        zip("dropins/library.jar", "A.class", "class");
        unpacked("forgotten");
        Files.writeString(folder.resolve("dropins/README.txt"), "what this folder is for");
        ticking(() -> assertThat(log).hasSize(3));
        for (int ticks = 0; ticks < 5; ticks++) {
            agents.tick();
        }
        assertThat(log).hasSize(3);
        assertThat(log).anyMatch(line -> line.contains("not.a.name") && line.contains("48 characters"))
                .anyMatch(line -> line.contains("library.jar") && line.contains(".war"))
                .anyMatch(line -> line.contains("forgotten") && line.contains("Rename it to forgotten.war"));
        assertThat(agents.views(any -> 0)).isEmpty();
    }

    @Test
    void aConfiguredAgentCountsBeforeADroppedInOneOfItsName() throws IOException {
        war("dropins/hello.war", "dropped");
        startReady();
        assertThat(view("hello").digest()).isPresent();
        ticking(() -> assertThat(driver.prepared()).hasSize(1));
        configure();
        ticking(() -> assertThat(driver.prepared()).hasSize(2));
    }

    @Test
    void aFolderThatIsNotThereIsEmpty() {
        configure(folder.resolve("nowhere"));
        start();
        ticking(() -> assertThat(agents.started()).isTrue());
        assertThat(log).isEmpty();
    }

    @Test
    void aFolderThatCannotBeReadKeepsItsAgentsAndIsToldOnce() throws IOException {
        startEmpty();
        war("dropins/my-agent.war", "dropped");
        awaitReady("my-agent");
        configure(folder.resolve("hello.war"));
        ticking(() -> assertThat(log).anyMatch(line -> line.contains("AGRT0017W")));
        for (int ticks = 0; ticks < 5; ticks++) {
            agents.tick();
        }
        assertThat(log).hasSize(1);
        assertThat(view("my-agent").status()).isEqualTo(Status.READY);
    }

    @Test
    void aWarThatTheServerMayNotReadIsReadOnceItMay() throws IOException {
        Assumptions.assumeFalse(System.getProperty("user.name").equals("root"), "root may read everything");
        Files.setPosixFilePermissions(folder.resolve("hello.war"), PosixFilePermissions.fromString("---------"));
        start(hello());
        awaitStatus("hello", Status.CREATE_FAILED);
        assertThat(view("hello").statusReason()).contains("AccessDenied");
        Files.setPosixFilePermissions(folder.resolve("hello.war"), PosixFilePermissions.fromString("rw-------"));
        clock.advance(Duration.ofSeconds(10));
        awaitStatus("hello", Status.READY);
    }

    /** Without configured agents. */
    private void startEmpty() {
        start(new AgentConfig[0]);
    }

    private void unpacked(String name) throws IOException {
        Files.createDirectories(folder.resolve("dropins/" + name + "/WEB-INF"));
        Files.writeString(folder.resolve("dropins/" + name + "/index.html"), "hello");
    }

    private void awaitReady(String name) {
        ticking(() -> {
            assertThat(agents.views(any -> 0)).extracting(AgentRuntimeView::name).containsExactly(name);
            assertThat(view(name).status()).isEqualTo(Status.READY);
        });
    }
}
