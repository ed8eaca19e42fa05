package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.Additions;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.VmException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentWarTest {

    @TempDir
    Path folder;

    private final List<String> steps = new ArrayList<>();
    private FakeHost host;

    @BeforeEach
    void start() {
        host = new FakeHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private AgentWar agent(Path war, String... features) {
        return AgentWar.of(new AgentSpec("orders", new Artifact(Artifact.Kind.WAR, war, "ab".repeat(32)), TestMachine.MEMORY, 1,
                AgentPaths.STANDARD, new Additions(List.of(features), Optional.empty(), Optional.empty())),
                host.plan.image());
    }

    private Path war(String name, String content) throws IOException {
        Path war = folder.resolve("orders.war");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war))) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return war;
    }

    private FakeGuest boot(AgentWar agent) {
        return host.domain(host.starts.boot(agent, host.plan).name()).guest();
    }

    @Test
    void anAgentThatNeedsNothingMoreIsSentNothingMore() throws Exception {
        assertThat(boot(agent(war("index.html", ""))).asked()).doesNotContain("features").contains("deploy");
    }

    @Test
    void featuresComeBeforeTheWar() throws Exception {
        assertThat(boot(agent(war("index.jsp", ""))).asked()).containsSubsequence("renew", "features", "deploy");
    }

    @Test
    void aConfigurationAloneIsSentToo() throws Exception {
        assertThat(boot(agent(war("WEB-INF/agent-server.xml", "<server/>"))).asked()).containsSubsequence("features", "deploy");
    }

    @Test
    void aTemplateTellsWhatItAdds() throws Exception {
        AgentWar agent = agent(war("index.jsp", ""), "mail");
        try (TemplateStore.Pin base = host.template(); TemplateStore.Pin made = host.store.obtain("d".repeat(64),
                draft -> host.maker.agent(host.plan, base.template(), agent, draft, steps::add))) {
            assertThat(steps).containsSubsequence("adding to its guest mail-2.1, pages-3.1", "deploying orders.war");
        }
    }

    @Test
    void partsAreMessagesWithTheirContentAndAsLongAsWasSaid() throws Exception {
        AgentWar agent = agent(war("WEB-INF/agent-server.xml", "<server>é</server>"), "mail");
        List<String> parts = new ArrayList<>();
        try (EquipmentBody body = new EquipmentBody(agent); InputStream in = body.stream()) {
            byte[] all = in.readAllBytes();
            assertThat(body.length()).isEqualTo(all.length);
            InputStream again = new ByteArrayInputStream(all);
            while (again.available() > 0) {
                ControlMessage head = ControlMessage.readFrom(again);
                parts.add(head.verb() + " " + head.field("path").or(() -> head.field("name")).orElseThrow() + " "
                        + new String(head.body(again).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(parts).containsExactly("configuration 10-war.xml <server>é</server>", "file lib/features/mail.mf lib/features/mail.mf",
                "file lib/mail.jar lib/mail.jar");
    }

    @Test
    void driversBesideTheWarAreSentWithNamesThatFileSystemsTake() throws Exception {
        Path drivers = folder.resolve("orders.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(drivers))) {
            for (String name : List.of("a b.JAR", "é".repeat(200) + ".jar")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.getBytes(StandardCharsets.UTF_8));
            }
        }
        AgentWar agent = withDrivers(drivers);
        assertThat(agent.provision().features()).containsExactly("jdbc-4.3");
        try (EquipmentBody body = new EquipmentBody(agent); InputStream in = body.stream()) {
            ControlMessage first = ControlMessage.readFrom(in);
            assertThat(first.verb() + " " + first.field("name").orElseThrow()).isEqualTo("driver 0-a_b.jar");
            assertThat(first.body(in).readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("a b.JAR");
            assertThat(ControlMessage.readFrom(in).field("name")).contains("2-" + "_".repeat(100) + ".jar");
        }
    }

    @Test
    void aDriverThatIsTooLargeForOneIsRefusedByItsName() throws Exception {
        Path drivers = folder.resolve("orders.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(drivers))) {
            zip.putNextEntry(new ZipEntry("huge.jar"));
            byte[] mebibyte = new byte[1 << 20];
            for (int i = 0; i <= 64; i++) {
                zip.write(mebibyte);
            }
        }
        AgentWar agent = withDrivers(drivers);
        assertThatThrownBy(() -> new EquipmentBody(agent)).isInstanceOf(AgentStartException.class).hasMessageContaining("huge.jar is larger than 64 MiB");
    }

    @Test
    void driversThatAreTooManyForThisServersMemoryAreRefusedWithTheOneTooMuch() throws Exception {
        Path drivers = folder.resolve("orders.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(drivers))) {
            byte[] mebibyte = new byte[1 << 20];
            for (String name : List.of("a.jar", "b.jar", "c.jar")) {
                zip.putNextEntry(new ZipEntry(name));
                for (int i = 0; i < 50; i++) {
                    zip.write(mebibyte);
                }
            }
        }
        AgentWar agent = withDrivers(drivers);
        assertThatThrownBy(() -> new EquipmentBody(agent)).isInstanceOf(AgentStartException.class).hasMessageContaining("more than 128 MiB together, with c.jar");
    }

    private AgentWar withDrivers(Path drivers) throws IOException {
        Artifact artifact = new Artifact(Artifact.Kind.LIBRARIES, drivers, "cd".repeat(32));
        return AgentWar.of(new AgentSpec("orders", new Artifact(Artifact.Kind.WAR, war("index.html", ""), "ab".repeat(32)), TestMachine.MEMORY, 1,
                AgentPaths.STANDARD, new Additions(List.of(), Optional.empty(), Optional.of(artifact))), host.plan.image());
    }

    @Test
    void driversAreTakenOutOfTheWar() throws Exception {
        ByteArrayOutputStream driver = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(driver)) {
            zip.putNextEntry(new ZipEntry("META-INF/services/java.sql.Driver"));
        }
        Path war = folder.resolve("orders.war");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(war))) {
            zip.putNextEntry(new ZipEntry("WEB-INF/lib/my driver.jar"));
            zip.write(driver.toByteArray());
        }
        AgentWar agent = AgentWar.of(new AgentSpec("orders", new Artifact(Artifact.Kind.WAR, war, "ab".repeat(32)), TestMachine.MEMORY, 1,
                AgentPaths.STANDARD, new Additions(List.of(), Optional.of("<server><dataSource/></server>"), Optional.empty())), host.plan.image());
        try (EquipmentBody body = new EquipmentBody(agent); InputStream in = body.stream()) {
            ControlMessage head = ControlMessage.readFrom(in);
            assertThat(head.verb() + " " + head.field("name").orElseThrow()).isEqualTo("driver 0-my_driver.jar");
            assertThat(head.body(in).readAllBytes()).isEqualTo(driver.toByteArray());
        }
    }

    @Test
    void featuresThatTheGuestDoesNotTakeAreTheAgentsFault() throws Exception {
        host.libvirt.guests().reply("features", ControlMessage.error("CWWKF0033E: they do not go together"), "a line");
        AgentWar agent = agent(war("index.jsp", ""));
        assertThatThrownBy(() -> boot(agent)).isInstanceOfSatisfying(AgentStartException.class, fault -> {
            assertThat(fault).hasMessageContaining("CWWKF0033E");
            assertThat(fault.log()).containsExactly("a line");
        });
    }

    @Test
    void aClassThatOnlyTheStartShowsIsToldWithTheLineToAdd() throws Exception {
        host.libvirt.guests().reply("deploy", ControlMessage.error("The WAR did not start: java.lang.NoClassDefFoundError: jakarta/mail/Session"), "a line");
        AgentWar agent = agent(war("index.html", ""));
        assertThatThrownBy(() -> boot(agent)).isInstanceOfSatisfying(AgentStartException.class, fault -> {
            assertThat(fault).hasMessage("The WAR did not start: java.lang.NoClassDefFoundError: jakarta/mail/Session. The class jakarta.mail.Session belongs to the"
                    + " feature mail-2.1, which the guest does not have: write <agent name=\"orders\" features=\"mail-2.1\"/> in server.xml.");
            assertThat(fault.log()).containsExactly("a line");
        });
    }

    @Test
    void featuresWithWhatAsksForThemAndWhatNoGuestCanHaveAreToldInTheLogInPlainText() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                told.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.agentruntime.libvirt");
        logger.addHandler(handler);
        try {
            agent(war("a\nAGRT0001I: b\u001b[31m.jsp", ""));
            agent(war("META-INF/batch-jobs/job.xml", ""));
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(told).hasSize(2).noneMatch(line -> line.contains("\n") || line.contains("\u001b"));
        assertThat(told.get(0)).startsWith("AGRT1023I: Agent runtime orders: its guest gets the features pages-3.1 (a");
        assertThat(told.get(1)).startsWith("AGRT1021W: orders: The WAR uses META-INF/batch-jobs/job.xml").contains("batch-2.1");
    }

    @Test
    void aWarOfJavaEe8IsRefusedBeforeAnyVmIsMade() throws Exception {
        Path war = war("WEB-INF/web.xml", "<web-app><servlet-class>javax.faces.webapp.FacesServlet</servlet-class></web-app>");
        assertThatThrownBy(() -> agent(war)).isInstanceOf(AgentStartException.class).hasMessageContaining("Java EE 8");
    }

    @Test
    void aNameThatIsNoFeaturesIsTheAgentsFault() throws Exception {
        Path war = war("index.html", "");
        assertThatThrownBy(() -> agent(war, "nonsense")).isInstanceOf(AgentStartException.class).hasMessageContaining("'nonsense'").hasMessageContaining("mail-2.1, pages-3.1");
    }

    @Test
    void anImageWhoseIndexAndPackDoNotBelongTogetherIsThePlatformsFault() throws Exception {
        AgentWar agent = agent(war("index.html", ""), "mail");
        try (ZipOutputStream empty = new ZipOutputStream(Files.newOutputStream(agent.pack()))) {
            empty.putNextEntry(new ZipEntry("other"));
        }
        assertThatThrownBy(() -> new EquipmentBody(agent)).isInstanceOf(VmException.class).isNotInstanceOf(AgentStartException.class)
                .hasMessageContaining("lacks lib/features/mail.mf").hasMessageContaining("Build the guest image anew");
        Files.writeString(host.plan.image().featureIndex(), "nonsense\n");
        assertThatThrownBy(() -> agent(folder.resolve("orders.war"))).isInstanceOf(VmException.class).hasMessageContaining("nonsense");
    }
}
