package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.channel.ControlMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shell stands in for Open Liberty's process, and what Liberty would log is put into its log. */
@Timeout(60)
class EquipmentTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String CONFIGURED = "[11/26/26] 00000022 id= com.ibm.ws.config A CWWKG0017I: The server configuration was successfully updated in 0.1 seconds.";
    private static final String FEATURES_DONE = "[11/26/26] 00000022 id= com.ibm.ws.kernel I CWWKF0008I: Feature update completed in 0.165 seconds.";

    @TempDir
    Path folder;

    private final LogRing log = new LogRing(500);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private FakeHygiene hygiene;
    private Liberty liberty;
    private Equipment equipment;
    private Path wlp;
    private Path overrides;
    private Path war;

    @BeforeEach
    void start() throws IOException {
        Path socket = folder.resolve("hygiene.sock");
        hygiene = new FakeHygiene(socket);
        logs(FEATURES_DONE, CONFIGURED);
        liberty = Liberty.start(List.of("/bin/sh", "-c", "echo pid $$; exec sleep 300"), folder, log);
        await().until(() -> !log.tail(1).isEmpty());
        wlp = Files.createDirectories(folder.resolve("wlp"));
        Path server = Files.createDirectories(wlp.resolve("usr/servers/agent"));
        overrides = server.resolve("configDropins/overrides");
        war = server.resolve("apps/agent.war");
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemTotal: 524288 kB\nMemAvailable: 131072 kB\n");
        equipment = new Equipment(wlp, server, war, new GuestRoom(meminfo, folder), liberty, log, new Hygiene(socket));
    }

    @AfterEach
    void stop() throws IOException {
        killLiberty();
        hygiene.close();
    }

    private void killLiberty() {
        ProcessHandle.of(Long.parseLong(log.tail(500).get(0).replaceAll("\\D", ""))).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void logs(String... lines) {
        hygiene.answers(request -> {
            List.of(lines).forEach(log::add);
            return ControlMessage.of(ControlMessage.OK);
        });
    }

    private EquipmentTest part(ControlMessage head, String content) throws IOException {
        head.withLength(content.length()).writeTo(body);
        body.write(content.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    private EquipmentTest file(String path, String content) throws IOException {
        return part(ControlMessage.of("file").with("path", path), content);
    }

    private void equip(String features) throws IOException {
        equip(features, LONG);
    }

    private void equip(String features, Duration timeout) throws IOException {
        ControlMessage request = ControlMessage.of("features").withLength(body.size());
        equipment.run(features.isEmpty() ? request : request.with("features", features), new ByteArrayInputStream(body.toByteArray()), timeout);
    }

    @Test
    void featuresComeWithTheirFilesAndOpenLibertyIsTold() throws Exception {
        file("lib/features/mail-2.1.mf", "manifest").file("lib/mail_1.jar", "bundle").equip("mail-2.1,pages-3.1");
        assertThat(wlp.resolve("lib/mail_1.jar")).hasContent("bundle");
        assertThat(overrides.resolve("features.xml")).content().contains("<feature>mail-2.1</feature><feature>pages-3.1</feature>");
        assertThat(hygiene.requests).singleElement().satisfies(request -> {
            assertThat(request.verb()).isEqualTo(HygieneServer.FILE_CREATED);
            assertThat(request.field("path")).contains(overrides.resolve("features.xml").toString());
        });
    }

    @Test
    void theConfigurationIsWrittenAsAWhole() throws Exception {
        part(ControlMessage.of("driver").with("name", "0-h2.jar"), "jar").equip("mpJwt-2.1,mpTelemetry-1.1");
        assertThat(overrides.resolve("features.xml")).hasContent("<server description=\"What the agent needs besides\"><featureManager>"
                + "<feature>mpJwt-2.1</feature><feature>mpTelemetry-1.1</feature></featureManager>"
                + "<library id=\"drivers\"><fileset dir=\"${server.config.dir}/drivers\" includes=\"*.jar\"/></library>"
                + "<webApplication id=\"agent\"><classloader privateLibraryRef=\"drivers\" apiTypeVisibility=\"+third-party\"/></webApplication>"
                + "<keyStore id=\"defaultKeyStore\" location=\"${server.config.dir}/none.p12\" type=\"PKCS12\" password=\"none\" readOnly=\"true\"/>"
                + "<ssl id=\"defaultSSLConfig\" keyStoreRef=\"defaultKeyStore\" trustDefaultCerts=\"true\"/></server>\n");
    }

    @Test
    void configurationsComeUnderTheirNames() throws Exception {
        logs(CONFIGURED);
        part(ControlMessage.of("configuration").with("name", "10-war.xml"), "<server/>").equip("");
        assertThat(overrides.resolve("10-war.xml")).hasContent("<server/>");
    }

    @Test
    void driversMakeALibraryForDataSources() throws Exception {
        part(ControlMessage.of("driver").with("name", "0-h2.jar"), "jar").equip("jdbc-4.3");
        assertThat(overrides.resolveSibling("../drivers/0-h2.jar").normalize()).hasContent("jar");
        assertThat(overrides.resolve("features.xml")).content().contains("<library id=\"drivers\"><fileset dir=\"${server.config.dir}/drivers\" includes=\"*.jar\"/></library>")
                .contains("<webApplication id=\"agent\"><classloader privateLibraryRef=\"drivers\"/></webApplication>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpTelemetry-1.1", "pages-3.1,microProfile-6.1"})
    void whatAFeatureBringsFromOthersIsShownToTheApplication(String features) throws Exception {
        equip(features);
        assertThat(overrides.resolve("features.xml")).content().contains("<webApplication id=\"agent\"><classloader apiTypeVisibility=\"+third-party\"/></webApplication>");
        part(ControlMessage.of("driver").with("name", "0-h2.jar"), "jar").equip(features);
        assertThat(overrides.resolve("features.xml")).content().contains("<classloader privateLibraryRef=\"drivers\" apiTypeVisibility=\"+third-party\"/>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mpJwt-2.1", "pages-3.1,microProfile-6.1", "jwt-1.0", "transportSecurity-1.0"})
    void whereAFeatureDoesNothingWithoutAKeyStoreThereIsOneWithoutKeys(String features) throws Exception {
        equip(features);
        assertThat(overrides.resolve("features.xml")).content().contains("<keyStore id=\"defaultKeyStore\" location=\"${server.config.dir}/none.p12\"")
                .contains("trustDefaultCerts=\"true\"");
        KeyStore store = KeyStore.getInstance(overrides.resolveSibling("../none.p12").normalize().toFile(), "none".toCharArray());
        assertThat(store.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<keyStore id=\"defaultKeyStore\" password=\"a\"/>", "<ssl keyStoreRef=\"own\" id=\"defaultSSLConfig\"/>", "<sslDefault sslRef=\"own\"/>"})
    void theKeyStoreThatSomebodyConfiguresIsLeftAlone(String configured) throws Exception {
        part(ControlMessage.of("configuration").with("name", "20-agent.xml"), "<server>" + configured + "</server>").equip("mpJwt-2.1");
        assertThat(overrides.resolve("features.xml")).content().doesNotContain("keyStore");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<keyStore id=\"partners\"/><ssl id=\"partners\"/>", "<!-- <keyStore id=\"defaultKeyStore\"/> -->", "<variable name=\"a\" value=\"&lt;keyStore id='defaultKeyStore'/>\"/>", "<keyStore"})
    void aKeyStoreOfAnotherNameOrInACommentDoesNotStandForTheServersOwn(String configured) throws Exception {
        part(ControlMessage.of("configuration").with("name", "20-agent.xml"), "<server>" + configured + "</server>").equip("mpJwt-2.1");
        assertThat(overrides.resolve("features.xml")).content().contains("<keyStore id=\"defaultKeyStore\"");
    }

    @Test
    void otherFeaturesNeedNeither() throws Exception {
        equip("pages-3.1,persistence-3.1,mpHealth-4.0,mail-2.1");
        assertThat(overrides.resolve("features.xml")).content().doesNotContain("keyStore").doesNotContain("classloader");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.jar", "a/b.jar", "a.txt", ".jar/"})
    void driversLieInTheirFolderOnly(String name) throws IOException {
        part(ControlMessage.of("driver").with("name", name), "jar");
        assertThatThrownBy(() -> equip("jdbc-4.3")).isInstanceOf(GuestException.class).hasMessageContaining("no name of a driver");
    }

    @Test
    void aFileThatOpenLibertyHasAlreadyIsLeftAlone() throws Exception {
        Files.createDirectories(wlp.resolve("lib"));
        Files.writeString(wlp.resolve("lib/a.jar"), "open");
        file("lib/a.jar", "another").file("lib/b.jar", "new").equip("mail-2.1");
        assertThat(wlp.resolve("lib/a.jar")).hasContent("open");
        assertThat(wlp.resolve("lib/b.jar")).hasContent("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "", ".", "lib/../usr/servers/agent/server.xml", "usr/x", "lib/../.."})
    void filesOfOthersAreRefused(String path) throws IOException {
        file(path, "x");
        assertThatThrownBy(() -> equip("mail-2.1")).isInstanceOf(GuestException.class).hasMessageContaining("no file of Open Liberty");
        assertThat(hygiene.requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../server.xml", "a/b.xml", "x.txt", "", "X.xml"})
    void configurationsLieInTheirFolderOnly(String name) throws IOException {
        part(ControlMessage.of("configuration").with("name", name), "<server/>");
        assertThatThrownBy(() -> equip("")).isInstanceOf(GuestException.class).hasMessageContaining("no name of a configuration file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail", "mail-2.1</feature>", "mail-2.1, pages-3.1", "-2.1"})
    void whatIsNoNameOfAFeatureIsRefused(String name) {
        assertThatThrownBy(() -> equip(name)).isInstanceOf(GuestException.class).hasMessageContaining("no name of a feature");
    }

    @Test
    void anUnknownPartIsRefused() throws IOException {
        part(ControlMessage.of("folder"), "");
        assertThatThrownBy(() -> equip("mail-2.1")).hasMessageContaining("'folder'");
    }

    @Test
    void aPartThatBreaksOffIsAFailureOfTheHost() throws IOException {
        ControlMessage.of("file").with("path", "lib/a.jar").withLength(10).writeTo(body);
        assertThatThrownBy(() -> equip("mail-2.1")).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"E CWWKF0001E: A feature definition could not be found for mail-2.1", "E CWWKF0033E: The singleton features a and b cannot be loaded at the same time.",
            "E CWWKG0014E: The configuration parser detected an XML syntax error", "E CWWKF0029E: Could not resolve module", "E CWWKE0702E: Could not resolve module: x"})
    void openLibertyGoesOnAfterAFailureAndSoItsLogIsRead(String line) {
        logs(line, FEATURES_DONE, CONFIGURED);
        assertThatThrownBy(() -> equip("mail-2.1")).isInstanceOfSatisfying(GuestException.class, failure -> {
            assertThat(failure).hasMessageContaining(line.substring(2));
            assertThat(failure.logLines()).contains(line);
        });
    }

    @Test
    void allThatAnElementLacksIsToldAtOnce() {
        logs("E CWWKG0058E: The element mailSession is missing the required attribute user.", "E CWWKG0058E: The element mailSession is missing the required attribute user.",
                "E CWWKG0058E: The element mailSession is missing the required attribute password.", FEATURES_DONE, CONFIGURED);
        assertThatThrownBy(() -> equip("mail-2.1")).hasMessageEndingWith("configuration: CWWKG0058E: The element mailSession is missing the required attribute user."
                + " CWWKG0058E: The element mailSession is missing the required attribute password.");
    }

    @Test
    void bothTheFeaturesAndTheConfigurationAreWaitedFor() {
        logs(CONFIGURED, CONFIGURED);
        assertThatThrownBy(() -> equip("mail-2.1", Duration.ofMillis(300))).hasMessageContaining("within 0 s");
        logs(FEATURES_DONE);
        assertThatThrownBy(() -> equip("mail-2.1", Duration.ofMillis(300))).hasMessageContaining("within 0 s");
    }

    @Test
    void aServerThatEndsMeanwhileIsTheReason() {
        hygiene.answers(request -> {
            killLiberty();
            return ControlMessage.of(ControlMessage.OK);
        });
        assertThatThrownBy(() -> equip("mail-2.1")).isInstanceOf(GuestException.class).hasMessageContaining("JVM has ended");
    }

    @Test
    void featuresThatDoNotFitAreRefusedBeforeTheyAreRead() {
        ControlMessage request = ControlMessage.of("features").with("features", "webProfile-10.0").withLength(60L << 20);
        assertThatThrownBy(() -> equipment.run(request, new ByteArrayInputStream(new byte[0]), LONG)).isInstanceOf(GuestException.class)
                .hasMessageContaining("would need 180 MiB, 60 of these for files, and there are 64 MiB left").hasMessageContaining("Raise `memory` of the agent to 640m");
        assertThat(overrides).doesNotExist();
    }

    @Test
    void aGuestWithAWarTakesNoFeatures() throws Exception {
        Files.createDirectories(war.getParent());
        Files.createFile(war);
        assertThatThrownBy(() -> equip("mail-2.1")).hasMessageContaining("before the WAR");
    }
}
