package dev.agentruntime.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvisionTest {
    @TempDir
    Path folder;

    private TestWar war;

    @BeforeEach
    void start() throws IOException {
        war = new TestWar(folder).with("com.acme.Hello", "public class Hello {}");
    }

    private Provision provision(String... named) throws IOException {
        return Provision.of(TestIndex.read(), war.war(), List.of(named), Optional.empty(), false);
    }

    private Provision configured(String configuration) throws IOException {
        return Provision.of(TestIndex.read(), war.war(), List.of(), Optional.of(configuration), false);
    }

    @Test
    void aWarThatNeedsNothingGetsNothing() throws Exception {
        assertThat(provision().isEmpty()).isTrue();
        assertThat(provision("servlet", "cdi-4.0").isEmpty()).as("every guest has these").isTrue();
    }

    @Test
    void namedFeaturesAreAddedToThoseThatWereFound() throws Exception {
        war.file("index.jsp", "");
        Provision provision = provision("mail", "Persistence-3.1");
        assertThat(provision.features()).containsExactly("mail-2.1", "pages-3.1", "persistence-3.1");
        assertThat(provision.files()).containsExactly("lib/a_1.jar", "lib/features/a.mf");
        assertThat(provision.reasons()).isEqualTo("mail-2.1 (named by the agent's features), pages-3.1 (index.jsp), persistence-3.1 (named by the agent's features)");
    }

    @Test
    void aNameThatIsNoFeaturesIsRefusedWithThoseThatAre() {
        assertThatThrownBy(() -> provision("mail-2.1", "persistense-3.1")).isInstanceOf(UnsuitableException.class)
                .hasMessageContaining("features of the <agent>").hasMessageContaining("'persistense-3.1'").hasMessageContaining("persistence-3.1, ")
                .hasMessageContaining("webProfile-10.0");
        assertThatThrownBy(() -> provision("messaging-3.1")).hasMessageContaining("'messaging-3.1'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"persistence-3.0 | Write persistence-3.1 instead", "jpa-2.2 | Write persistence-3.1 instead", "servlet-5.0 | Every guest has servlet-6.0: leave it out",
        "webProfile-9.1 | Write webProfile-10.0 instead", "jakartaee-9.1 | Write webProfile-10.0 instead", "jakartaee-10.0 | Write webProfile-10.0 instead",
        "microProfile-7.0 | Write microProfile-6.1 instead", "jaxrs-2.1 | Every guest has restfulWS-3.1", "JSP-2.3 | Write pages-3.1 instead"})
    void anotherVersionOrAnOlderNameIsRefusedWithTheOneToWrite(String named, String cure) {
        assertThatThrownBy(() -> provision("webProfile-10.0", named)).isInstanceOf(UnsuitableException.class)
                .hasMessageContaining("The attribute features of the <agent> has '" + named + "'").hasMessageContaining(cure);
    }

    @ParameterizedTest
    @CsvSource({"jdbc-4.2, jdbc-4.2", "jdbc, jdbc-4.3"})
    void whoeverNamesAnotherVersionGetsThatOne(String named, String got) throws Exception {
        war.file("WEB-INF/web.xml", "<web-app><data-source/></web-app>");
        assertThat(provision(named).features()).containsExactly(got);
    }

    @Test
    void whoeverNamesTheInterfacesWithoutTheirImplementationGetsThese() throws Exception {
        war.file("WEB-INF/faces-config.xml", "").file("WEB-INF/classes/META-INF/persistence.xml", "");
        assertThat(provision("facesContainer", "persistenceContainer-3.1").features()).containsExactly("facesContainer-4.0", "persistenceContainer-3.1");
    }

    @Test
    void configurationsOfTheWarAndBesideItAreBothTakenAndTheOneBesideCountsMore() throws Exception {
        war.file("WEB-INF/agent-server.xml", "<server><variable name=\"a\" value=\"of the WAR\"/></server>");
        Provision provision = configured("<server><variable name=\"a\" value=\"beside it\"/></server>");
        assertThat(provision.isEmpty()).isFalse();
        assertThat(provision.configurations().values()).hasSize(2).first().asString().contains("of the WAR");
        assertThat(List.copyOf(provision.configurations().keySet())).isSorted();
        assertThat(provision.features()).isEmpty();
    }

    @Test
    void aConfigurationBringsTheFeaturesThatItNamesAndThatItsElementsNeed() throws Exception {
        assertThat(configured("<server><featureManager><feature>mail-2.1</feature></featureManager><dataSource/></server>").features())
                .containsExactly("jdbc-4.3", "mail-2.1");
        assertThat(configured("<server><featureManager><feature>jdbc-4.2</feature></featureManager><dataSource/></server>").features()).containsExactly("jdbc-4.2");
        assertThatThrownBy(() -> configured("<server><featureManager><feature>jpa-2.2</feature></featureManager></server>"))
                .isInstanceOf(UnsuitableException.class).hasMessageContaining("'jpa-2.2'").hasMessageContaining(".server.xml file beside the WAR");
    }

    @Test
    void driversBesideTheWarAreWantedForDataSources() throws Exception {
        Provision provision = Provision.of(TestIndex.read(), war.war(), List.of(), Optional.empty(), true);
        assertThat(provision.reasons()).isEqualTo("jdbc-4.3 (drivers beside the WAR)");
        assertThat(Provision.of(TestIndex.read(), war.war(), List.of("jdbc-4.2"), Optional.empty(), true).features()).containsExactly("jdbc-4.2");
    }

    @Test
    void driversOfTheWarGoToDataSourcesOfTheServer() throws Exception {
        war.library("driver.jar", new TestWar(folder).file("META-INF/services/java.sql.Driver", "org.Driver")).library("other.jar", new TestWar(folder).file("a", ""));
        assertThat(provision().drivers()).isEmpty();
        assertThat(configured("<server><variable name=\"a\" value=\"b\"/></server>").drivers()).isEmpty();
        assertThat(provision("jdbc-4.2").drivers()).containsExactly("WEB-INF/lib/driver.jar");
        assertThat(configured("<server><dataSource><jdbcDriver libraryRef=\"drivers\"/></dataSource></server>").drivers()).containsExactly("WEB-INF/lib/driver.jar");
        war.file("WEB-INF/web.xml", "<web-app><data-source/></web-app>");
        assertThat(provision().drivers()).containsExactly("WEB-INF/lib/driver.jar");
    }

    @Test
    void aConfigurationInTheWarThatCannotBeUsedIsRefusedByItsName() {
        war.file("WEB-INF/agent-server.xml", "<server>");
        assertThatThrownBy(this::provision).isInstanceOf(UnsuitableException.class).hasMessageContaining("WEB-INF/agent-server.xml");
        war.file("WEB-INF/agent-server.xml", "<server/>" + " ".repeat(ServerConfiguration.LONGEST));
        assertThatThrownBy(this::provision).isInstanceOf(UnsuitableException.class).hasMessageContaining("larger than 256 KiB");
        war.file("WEB-INF/agent-server.xml", "<server>é</server>".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(this::provision).isInstanceOf(UnsuitableException.class).hasMessageContaining("UTF-8");
    }

    @Test
    void aWarOfJavaEe8IsRefusedWithThatWord() {
        war.against("javax.ws.rs.Path", "public @interface Path {}").with("com.acme.Old", "@javax.ws.rs.Path public class Old {}");
        assertThatThrownBy(this::provision).isInstanceOf(UnsuitableException.class)
                .hasMessageContaining("Java EE 8 or older: it uses javax.ws.rs.Path in com.acme.Old").hasMessageContaining("from javax to jakarta");
    }

    @Test
    void aClassForANewerJavaIsRefusedWithTheSetting() {
        war.file("WEB-INF/classes/com/acme/New.class", new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 65, 0, 1});
        assertThatThrownBy(this::provision).isInstanceOf(UnsuitableException.class)
                .hasMessage("The WAR's class com.acme.New is compiled for Java 21, and the guest has Java 17: build it with <maven.compiler.release>17</maven.compiler.release>.");
    }

    @Test
    void aFileThatIsNoWarIsRefusedBeforeAGuestIsStarted() throws Exception {
        Path file = folder.resolve("shop.war");
        Files.write(file, new TestWar(folder).file("shop.war", "").bytes(""));
        assertThatThrownBy(() -> Provision.of(TestIndex.read(), file, List.of(), Optional.empty(), false)).isInstanceOf(UnsuitableException.class)
                .hasMessageContaining("no WEB-INF").hasMessageContaining("put the WAR that is inside it in its place");
    }

    @Test
    void whatFailsOnlyIfItIsUsedIsAWarning() throws Exception {
        war.file("WEB-INF/classes/META-INF/persistence.xml", "<persistence-unit><provider>org.lib.Provider</provider></persistence-unit>");
        assertThat(provision().warnings()).singleElement().asString().contains("org.lib.Provider");
    }

    @Test
    void whatNoGuestCanHaveIsAWarning() throws Exception {
        war.with("com.acme.Sender", "public class Sender { jakarta.jms.JMSContext context; }");
        assertThat(provision().warnings()).singleElement().asString().contains("jakarta.jms in com.acme.Sender", "messaging-3.1", "neither of the Web Profile");
        assertThat(provision().isEmpty()).isTrue();
    }

    @Test
    void whatIsNoWarIsLeftToLiberty() throws Exception {
        Path file = Files.writeString(folder.resolve("no.war"), "hello");
        assertThat(Provision.of(TestIndex.read(), file, List.of(), Optional.empty(), false).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"java.lang.NoClassDefFoundError: jakarta/mail/Session, mail-2.1, features=\"mail-2.1\"",
            "java.lang.ClassNotFoundException: org.eclipse.microprofile.health.HealthCheck, mpHealth-4.0, features=\"mpHealth-4.0\"",
            "WELD-001524: Type jakarta.faces.context.FacesContext not found, faces-4.0, features=\"faces-4.0\"",
            "java.lang.NoClassDefFoundError: jakarta/jms/Message, messaging-3.1, no guest can have", "java.lang.NoClassDefFoundError: javax/servlet/Filter, Java EE 8, jakarta packages"})
    void aClassThatOnlyTheFailureShowsIsToldWithTheLineToAdd(String failure, String feature, String advice) throws Exception {
        assertThat(provision().advice("orders", "The WAR did not start: " + failure + ". Its log says so.")).get().asString().contains(feature, advice);
    }

    @ParameterizedTest
    @CsvSource({"java.lang.NoClassDefFoundError: com/acme/Missing", "no database", "java.lang.NoClassDefFoundError: jakarta/unknown/Thing"})
    void otherFailuresGetNoAdvice(String failure) throws Exception {
        assertThat(provision().advice("orders", failure)).isEmpty();
    }
}
