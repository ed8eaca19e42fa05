package dev.agentruntime.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WarScanTest {
    @TempDir
    Path folder;

    private TestWar war;

    @BeforeEach
    void start() throws IOException {
        war = new TestWar(folder);
    }

    private WarScan.Findings scan() throws IOException {
        return WarScan.of(war.war(), TestIndex.read());
    }

    private void assertFeatures(String... features) throws IOException {
        assertThat(scan().features()).containsOnlyKeys(features);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mpFaultTolerance-4.0 | @org.eclipse.microprofile.faulttolerance.Retry",
        "mpMetrics-5.1 | @org.eclipse.microprofile.metrics.annotation.Counted",
        "mpHealth-4.0 | @org.eclipse.microprofile.health.Liveness",
        "mpOpenAPI-3.1 | @org.eclipse.microprofile.openapi.annotations.Operation",
        "persistence-3.1 | @jakarta.persistence.PrePersist",
        "appSecurity-5.0 | @jakarta.annotation.security.RolesAllowed(\"nobody\")",
        "enterpriseBeansLite-4.0 | @jakarta.ejb.Asynchronous"})
    void anAnnotationShowsTheFeatureWithWhoUsesIt(String feature, String annotation) throws Exception {
        war.with("com.acme.Hello", "public class Hello { " + annotation + " public void invoke() {} }");
        assertThat(scan().features()).hasSize(1).hasEntrySatisfying(feature, user -> assertThat(user).contains("com.acme.Hello"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "persistence-3.1 | jakarta.persistence.EntityManager[]",
        "persistence-3.1 | java.util.List<jakarta.persistence.criteria.Path<String>>",
        "mail-2.1 | jakarta.mail.internet.MimeMessage",
        "faces-4.0 | jakarta.faces.context.FacesContext",
        "mpJwt-2.1 | org.eclipse.microprofile.jwt.JsonWebToken",
        "appSecurity-5.0 | jakarta.security.enterprise.SecurityContext",
        "pages-3.1 | jakarta.servlet.jsp.JspException",
        "mpTelemetry-1.1 | io.opentelemetry.api.trace.Tracer"})
    void aTypeOfAFieldOrOfAParameterShowsTheFeatureToo(String feature, String type) throws Exception {
        war.against("io.opentelemetry.api.trace.Tracer", "public interface Tracer {}");
        war.with("com.acme.Hello", "public class Hello { public void invoke(" + type + " all) {} }");
        assertFeatures(feature);
        war = new TestWar(folder).against("io.opentelemetry.api.trace.Tracer", "public interface Tracer {}")
                .with("com.acme.Hello", "public class Hello { " + type + " field; }");
        assertFeatures(feature);
    }

    @Test
    void aWarThatNeedsWhatEveryGuestHasNeedsNothing() throws Exception {
        war.with("com.acme.Api", "@jakarta.ws.rs.Path(\"x\") @jakarta.enterprise.context.ApplicationScoped public class Api { @jakarta.inject.Inject"
                + " @org.eclipse.microprofile.config.inject.ConfigProperty String a; @jakarta.validation.constraints.NotNull String b; @jakarta.annotation.Resource"
                + " jakarta.enterprise.concurrent.ManagedExecutorService c; @jakarta.transaction.Transactional jakarta.json.JsonObject d() { return null; }"
                + " @jakarta.annotation.PostConstruct void e() {} @jakarta.annotation.security.PermitAll jakarta.json.bind.Jsonb f(jakarta.servlet.http.HttpServletRequest g,"
                + " jakarta.websocket.Session h) { return null; } }");
        assertThat(scan()).isEqualTo(WarScan.Findings.NONE);
    }

    @ParameterizedTest
    @CsvSource({"index.jsp, pages-3.1", "pages/list.jspx, pages-3.1", "WEB-INF/view/a.jsp, pages-3.1", "WEB-INF/tags/a.tag, pages-3.1", "WEB-INF/my.tld, pages-3.1",
            "WEB-INF/faces-config.xml, faces-4.0", "WEB-INF/classes/META-INF/app.faces-config.xml, faces-4.0", "WEB-INF/ejb-jar.xml, enterpriseBeansLite-4.0",
            "WEB-INF/classes/META-INF/persistence.xml, persistence-3.1"})
    void filesShowFeaturesToo(String file, String feature) throws Exception {
        war.file(file, "");
        assertThat(scan().features()).containsExactly(Map.entry(feature, file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xmlns:h=\"jakarta.faces.html\"", "xmlns:h=\"http://xmlns.jcp.org/jsf/html\"", "xmlns:ui=\"http://java.sun.com/jsf/facelets\""})
    void aPageOfFacesIsToldFromOtherXhtml(String namespace) throws Exception {
        war.file("index.xhtml", "<html xmlns=\"http://www.w3.org/1999/xhtml\" " + namespace + "/>");
        assertFeatures("faces-4.0");
        war = new TestWar(folder).file("index.xhtml", "<html xmlns=\"http://www.w3.org/1999/xhtml\"><!-- " + namespace + " --></html>");
        assertFeatures();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"<security-constraint/> | appSecurity-5.0", "<login-config><auth-method>FORM</auth-method></login-config> | appSecurity-5.0",
        "<login-config><auth-method> MP-JWT </auth-method></login-config> | mpJwt-2.1", "<servlet-class>jakarta.faces.webapp.FacesServlet</servlet-class> | faces-4.0",
        "<jsp-file>/a.html</jsp-file> | pages-3.1", "<data-source><name>java:app/x</name></data-source> | jdbc-4.3",
        "<resource-ref><res-type>javax.sql.DataSource</res-type></resource-ref> | jdbc-4.3", "<persistence-unit-ref/> | persistence-3.1",
        "<mail-session/> | mail-2.1", "<ejb-local-ref/> | enterpriseBeansLite-4.0"})
    void webXmlShowsFeatures(String xml, String feature) throws Exception {
        war.file("WEB-INF/web.xml", "<web-app>" + xml + "</web-app>");
        assertFeatures(feature);
        war = new TestWar(folder).library("a.jar", new TestWar(folder).file("META-INF/web-fragment.xml", "<web-fragment>" + xml + "</web-fragment>"));
        assertFeatures(feature);
        war = new TestWar(folder).file("WEB-INF/web.xml", "<web-app><!-- " + xml + " --></web-app>");
        assertFeatures();
    }

    @Test
    void aDataSourceOfAnAnnotationNeedsJdbcAndOneOfThePoolOfTheWarDoesNot() throws Exception {
        war.with("com.acme.Pool", "public class Pool { javax.sql.DataSource own; }");
        assertFeatures();
        war.with("com.acme.Db", "@jakarta.annotation.sql.DataSourceDefinition(name = \"java:app/x\", className = \"org.h2.Driver\") public class Db {}");
        assertFeatures("jdbc-4.3");
    }

    @Test
    void rolesThatTheTokenGivesNeedNoLogin() throws Exception {
        war.with("com.acme.App", "@org.eclipse.microprofile.auth.LoginConfig(authMethod = \"MP-JWT\") @jakarta.annotation.security.RolesAllowed(\"a\") public class App {}");
        assertFeatures("mpJwt-2.1");
        war.with("com.acme.Store", "public class Store implements jakarta.security.enterprise.identitystore.IdentityStore {}");
        assertFeatures("appSecurity-5.0", "mpJwt-2.1");
    }

    @Test
    void whatTheWarBringsAlongIsNotAdded() throws Exception {
        TestWar hibernate = new TestWar(folder).with("jakarta.persistence.Entity", "public @interface Entity {}");
        war.against("jakarta.persistence.Entity", "public @interface Entity {}").with("com.acme.Book", "@jakarta.persistence.Entity public class Book {}")
                .file("WEB-INF/classes/META-INF/persistence.xml", "").library("hibernate.jar", hibernate);
        assertFeatures();
    }

    @Test
    void facesOfTheWarsOwnIsNotAdded() throws Exception {
        TestWar mojarra = new TestWar(folder).with("jakarta.faces.FacesException", "public class FacesException extends RuntimeException {}")
                .file("META-INF/faces-config.xml", "");
        war.file("WEB-INF/faces-config.xml", "").library("mojarra.jar", mojarra);
        assertFeatures();
    }

    @Test
    void rolesAreHeldToAlthoughTheWarBringsTheAnnotations() throws Exception {
        TestWar annotations = new TestWar(folder).with("jakarta.annotation.security.RolesAllowed", "public @interface RolesAllowed { String[] value(); }");
        war.against("jakarta.annotation.security.RolesAllowed", "public @interface RolesAllowed { String[] value(); }")
                .with("com.acme.A", "@jakarta.annotation.security.RolesAllowed(\"a\") public class A {}").library("annotations.jar", annotations);
        assertFeatures("appSecurity-5.0");
    }

    private static final String OPTIONAL_PARTS = "public class Support { jakarta.persistence.EntityManager a; jakarta.faces.context.FacesContext b; jakarta.jms.Queue c; }";

    @Test
    void partsOfLibrariesForOtherPlatformsAreNobodysBusiness() throws Exception {
        war.library("spring.jar", new TestWar(folder).with("org.lib.Support", OPTIONAL_PARTS).against("javax.servlet.Filter", "public interface Filter {}")
                .with("org.lib.OldFilter", "public class OldFilter implements javax.servlet.Filter {}"));
        assertThat(scan()).isEqualTo(WarScan.Findings.NONE);
    }

    @Test
    void beansOfABeanArchiveCountAndItsOtherClassesDoNot() throws Exception {
        TestWar archive = new TestWar(folder).with("org.lib.Support", OPTIONAL_PARTS)
                .with("org.lib.Bean", "@jakarta.enterprise.context.ApplicationScoped public class Bean { @org.eclipse.microprofile.faulttolerance.Retry public void a() {} }");
        war.library("without.jar", archive);
        assertFeatures();
        war.library("with.jar", archive.file("META-INF/beans.xml", ""));
        assertThat(scan().features()).containsOnlyKeys("mpFaultTolerance-4.0").containsValue("org.eclipse.microprofile.faulttolerance in org.lib.Bean of with.jar");
    }

    @Test
    void descriptorsAndPagesOfLibrariesCount() throws Exception {
        war.library("a.jar", new TestWar(folder).file("META-INF/persistence.xml", "").file("META-INF/resources/a.jsp", ""));
        assertThat(scan().features()).containsOnly(Map.entry("persistence-3.1", "a.jar!/META-INF/persistence.xml"), Map.entry("pages-3.1", "a.jar!/META-INF/resources/a.jsp"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"messaging-3.1 | jakarta.jms.JMSContext a;", "batch-2.1 | jakarta.batch.operations.JobOperator a;",
        "mdb-4.0 | @jakarta.ejb.MessageDriven class Mdb {}", "xmlWS-4.0 | @jakarta.xml.ws.WebServiceRef Object a;"})
    void whatNoGuestCanHaveIsToldByItsName(String feature, String member) throws Exception {
        war = new TestWar(folder).against("jakarta.xml.ws.WebServiceRef", "public @interface WebServiceRef {}");
        war.with("com.acme.Hello", member.contains("class Mdb") ? "@jakarta.ejb.MessageDriven public class Hello {}" : "public class Hello { " + member + " }");
        assertThat(scan().absent()).hasSize(1).hasEntrySatisfying(feature, user -> assertThat(user).contains("com.acme.Hello"));
    }

    @Test
    void jobsOfBatchAreToldToo() throws Exception {
        war.file("WEB-INF/classes/META-INF/batch-jobs/job.xml", "");
        assertThat(scan().absent()).containsOnlyKeys("batch-2.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"javax.servlet.http.HttpServlet", "javax.ws.rs.Path", "javax.enterprise.context.ApplicationScoped", "javax.annotation.PostConstruct",
            "javax.xml.bind.JAXBContext", "javax.transaction.Transactional"})
    void aWarOfJavaEe8IsToldAsSuch(String used) throws Exception {
        String simple = used.substring(used.lastIndexOf('.') + 1);
        war.against(used, "public class " + simple + " {}").with("com.acme.Old", "public class Old { " + used + " a; }");
        assertThat(scan().older()).contains(used + " in com.acme.Old");
        war.library("old-api.jar", new TestWar(folder).with(used, "public class " + simple + " {}"));
        assertThat(scan().older()).isEmpty();
    }

    @Test
    void aServletOfFacesOfJavaEe8IsToldAsSuch() throws Exception {
        war.file("WEB-INF/web.xml", "<web-app><servlet-class>javax.faces.webapp.FacesServlet</servlet-class></web-app>");
        assertThat(scan().older()).contains("javax.faces.webapp.FacesServlet in WEB-INF/web.xml");
    }

    @Test
    void packagesOfJavaSeAreNotTakenForJavaEe() throws Exception {
        war.with("com.acme.Hello", "public class Hello { javax.sql.DataSource a; javax.naming.Context b; javax.net.ssl.SSLContext c;"
                + " javax.annotation.processing.Processor d; javax.transaction.xa.XAResource e; javax.management.MBeanServer f; javax.xml.stream.XMLStreamReader g; }");
        assertThat(scan().older()).isEmpty();
        assertFeatures();
    }

    @Test
    void whatIsNoWarIsForLibertyToSay() throws Exception {
        Path file = Files.writeString(folder.resolve("agent.war"), "hello");
        assertThatThrownBy(() -> WarScan.of(file, TestIndex.read())).isInstanceOf(IOException.class);
    }

    @Test
    void damagedFilesAreLeftToWhoeverLoadsThem() throws Exception {
        war.file("WEB-INF/classes/A.class", "no class").file("WEB-INF/classes/B.class", "").file("WEB-INF/lib/no.jar", "no jar").file("WEB-INF/ejb-jar.xml", "")
                .library("c.jar", new TestWar(folder).file("A.class", "no class").file("META-INF/beans.xml", "").file("META-INF/persistence.xml", ""));
        assertFeatures("enterpriseBeansLite-4.0", "persistence-3.1");
    }

    @Test
    void aFileOfZerosThatUnpacksToGigabytesIsLeftWhereTheBudgetEnds() throws Exception {
        war.file("index.jsp", "").library("bomb.jar", new TestWar(folder).file("a", new byte[3_000_000]).file("META-INF/persistence.xml", ""));
        WarScan.Findings findings = WarScan.of(war.war(), TestIndex.read(), new Budget(1_000_000, 100));
        assertThat(findings.complete()).isFalse();
        assertThat(findings.features()).containsOnlyKeys("pages-3.1");
        assertThat(WarScan.of(war.war(), TestIndex.read(), new Budget(100_000_000, 100)).features()).containsOnlyKeys("pages-3.1", "persistence-3.1");
    }

    @Test
    void aWarWithTooManyFilesIsLeftWhereTheBudgetEnds() throws Exception {
        TestWar library = new TestWar(folder);
        for (int i = 0; i < 50; i++) {
            library.file("f" + i, "");
        }
        war.library("many.jar", library).file("index.jsp", "");
        assertThat(WarScan.of(war.war(), TestIndex.read(), new Budget(1_000_000, 20)).complete()).isFalse();
        assertThat(WarScan.of(war.war(), TestIndex.read(), new Budget(1_000_000, 1)).complete()).isFalse();
    }

    @Test
    void randomClassFilesAreReadOrRefusedAndNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            byte[] file = new byte[random.nextInt(200) + 10];
            random.nextBytes(file);
            System.arraycopy(new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe}, 0, file, 0, 4);
            try {
                ConstantPool.of(new ByteArrayInputStream(file));
            } catch (IOException refused) {
                assertThat(refused).as("seed %d", seed).isNotNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"shop/WEB-INF/web.xml | folder 'shop' inside it", "web-inf/web.xml | in capital letters", "WEB-INF\\web.xml | with a slash",
        "shop.war | put the WAR that is inside it", "BOOT-INF/classes/application.properties | <packaging>war</packaging>", "com/acme/Hello.class | in WEB-INF/classes"})
    void whatIsNoWarIsToldByItsFiles(String file, String cure) throws Exception {
        war.file("META-INF/MANIFEST.MF", "").file(file, "");
        assertThat(scan().noWar()).get().asString().startsWith("The file is no WAR").contains(cure);
        war.file("WEB-INF/beans.xml", "");
        assertThat(scan().noWar()).isEmpty();
    }

    @Test
    void pagesAloneAreAWarToo() throws Exception {
        war.file("index.jsp", "").file("META-INF/MANIFEST.MF", "no manifest").file("downloads/tool.war", "");
        assertThat(scan().noWar()).isEmpty();
    }

    private static byte[] compiledFor(int java) {
        return new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, (byte) (java + 44), 0, 1};
    }

    @Test
    void aClassForANewerJavaIsToldWithItsVersion() throws Exception {
        war.file("WEB-INF/classes/com/acme/Hello.class", compiledFor(21));
        assertThat(scan().newer()).contains("com.acme.Hello is compiled for Java 21");
        war.file("WEB-INF/classes/com/acme/Hello.class", compiledFor(17));
        assertThat(scan().newer()).isEmpty();
    }

    @Test
    void aLibraryForANewerJavaIsARemarkAndPartsForNewerOnesAreNone() throws Exception {
        war.library("new.jar", new TestWar(folder).file("org/lib/A.class", compiledFor(21)).file("org/lib/B.class", compiledFor(21)));
        assertThat(scan().remarks()).containsExactly("The library new.jar has org.lib.A, which is compiled for Java 21, and the guest has Java 17: what uses it fails. Take a version"
                + " of it for Java 17.");
        war = new TestWar(folder).file("WEB-INF/classes/META-INF/versions/21/A.class", compiledFor(21)).file("WEB-INF/classes/module-info.class", compiledFor(21));
        war.library("both.jar", new TestWar(folder).file("META-INF/versions/21/org/lib/A.class", compiledFor(21)).file("module-info.class", compiledFor(21))
                .file("META-INF/MANIFEST.MF", "Multi-Release: true\n\n broken"));
        assertThat(scan()).isEqualTo(WarScan.Findings.NONE);
    }

    @Test
    void aLibraryThatCannotBeReadToItsEndIsARemarkAndCountsAsFarAsItWasRead() throws Exception {
        byte[] whole = new TestWar(folder).file("META-INF/beans.xml", "").file("META-INF/persistence.xml", "").file("a", new byte[5000]).bytes("");
        // The sum that a ZIP keeps of the last file, which Open Liberty does not look at.
        int end = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        whole[end - 12] ^= 1;
        war.file("WEB-INF/lib/odd.jar", whole);
        assertThat(scan().remarks()).singleElement().asString().startsWith("The library odd.jar could not be looked through to its end (").contains("features of the <agent>");
        assertFeatures("persistence-3.1");
    }

    @Test
    void remarksHaveAnEnd() throws Exception {
        for (int i = 0; i < 100; i++) {
            war.library(i + ".jar", new TestWar(folder).file("A.class", compiledFor(21)));
        }
        assertThat(scan().remarks()).hasSize(20);
    }

    @Test
    void aPersistenceProviderThatIsNowhereIsARemark() throws Exception {
        String unit = "<persistence><persistence-unit><provider>\n org.lib.Provider </provider></persistence-unit></persistence>";
        war.file("WEB-INF/classes/META-INF/persistence.xml", unit);
        assertThat(scan().remarks()).singleElement().asString().contains("WEB-INF/classes/META-INF/persistence.xml", "org.lib.Provider", "WEB-INF/lib", "<provider>");
        war.library("provider.jar", new TestWar(folder).with("org.lib.Provider", "public abstract class Provider implements jakarta.persistence.spi.PersistenceProvider {}"));
        assertThat(scan().remarks()).isEmpty();
        TestWar extending = new TestWar(folder).against("org.other.Base", "public class Base {}").with("org.lib.Provider", "public class Provider extends org.other.Base {}");
        war = new TestWar(folder).file("WEB-INF/classes/META-INF/persistence.xml", unit).library("extending.jar", extending);
        assertThat(scan().remarks()).isEmpty();
        war = new TestWar(folder).file("WEB-INF/classes/META-INF/persistence.xml", unit.replace("org.lib.Provider", "org.eclipse.persistence.jpa.PersistenceProvider"));
        assertThat(scan().remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"@jakarta.servlet.annotation.WebServlet(\"/x\") @jakarta.servlet.annotation.ServletSecurity", "@jakarta.ws.rs.Path(\"x\") @jakarta.annotation.security.RolesAllowed(\"a\")"})
    void rolesAreHeldToInPartsOfTheApplicationThatALibraryHas(String annotations) throws Exception {
        war.library("part.jar", new TestWar(folder).with("org.lib.Part", annotations + " public class Part extends jakarta.servlet.http.HttpServlet {}"));
        assertFeatures("appSecurity-5.0");
        war = new TestWar(folder).library("support.jar", new TestWar(folder).with("org.lib.Support",
                "@jakarta.ws.rs.ext.Provider public class Support { Class<?> a = jakarta.annotation.security.RolesAllowed.class; }"));
        assertFeatures();
    }

    @Test
    void aDriverIsNamedOnceHoweverOftenItSaysSo() throws Exception {
        war.file("WEB-INF/lib/driver.jar", twice("META-INF/services/java.sql.Driver"));
        assertThat(scan().drivers()).containsExactly("WEB-INF/lib/driver.jar");
    }

    /** Two files of one name, which no tool of Java's makes. */
    private static byte[] twice(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 2; i++) {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(one)) {
                zip.putNextEntry(new ZipEntry(name));
                zip.closeEntry();
                // Without the directory at the end, another file may follow.
                zip.flush();
                bytes.write(one.toByteArray());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void commentsThatNeverEndTakeNoTime() {
        String comments = "<!--".repeat(256 * 1024);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThat(Descriptors.withoutComments("a" + comments)).isEqualTo("a"));
        assertThat(Descriptors.withoutComments("a<!-- b -->c<!---->d-->e<!-->f")).isEqualTo("acd-->e");
    }

    @Test
    void namesWithoutEndFillNoMemory() throws Exception {
        String endless = "jakarta/mail/" + "a".repeat(60_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(compiledFor(17), 0, 8);
        out.writeShort(65_535);
        for (int i = 0; i < 400; i++) {
            out.writeByte(1);
            out.writeUTF(endless);
        }
        assertThatThrownBy(() -> ConstantPool.of(new ByteArrayInputStream(bytes.toByteArray()))).isInstanceOf(IOException.class).hasMessageContaining("no class file");
        war.library("names.jar", new TestWar(folder).file(endless + "/A.class", compiledFor(17))).with("com.acme.A", "public class A { jakarta.mail.Session a; }");
        assertFeatures("mail-2.1");
        assertThat(ClassNames.in(List.of(endless, "jakarta/mail/Session"))).containsExactly("jakarta.mail.Session");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "public class Hello { @jakarta.annotation.PreDestroy void bye() {} }",
        "public class Hello implements jakarta.servlet.ServletContextListener {}",
        "public class Hello extends jakarta.servlet.http.HttpServlet { @Override public void destroy() {} }",
        "public class Hello { @jakarta.enterprise.inject.Produces String it() { return null; } void bye(@jakarta.enterprise.inject.Disposes String it) {} }",
        "public class Hello { void bye(@jakarta.enterprise.event.Observes @jakarta.enterprise.context.BeforeDestroyed("
                + "jakarta.enterprise.context.ApplicationScoped.class) Object it) {} }"})
    void anApplicationThatMayDoSomethingAtItsEndHearsOfItInItsOwnClassesAndInLibraries(String source) throws Exception {
        war.with("com.acme.Hello", source);
        assertThat(scan().hearsItsEnd()).isTrue();
        assertThat(WarScan.of(new TestWar(folder).library("acme.jar", new TestWar(folder).with("com.acme.Hello", source)).war(), TestIndex.read()).hearsItsEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "public class Hello extends jakarta.servlet.http.HttpServlet {}",
        "public class Hello { void destroy() {} }"})
    void oneThatDoesNothingThenIsNotTold(String source) throws Exception {
        war.with("com.acme.Hello", source);
        assertThat(scan().hearsItsEnd()).isFalse();
    }

    @Test
    void theListenerOfTheAgentSdkHasNothingToSaveAndAMethodForTheEndHas() throws Exception {
        war.with("dev.agentruntime.sdk.Application", "public class Application implements jakarta.servlet.ServletContextListener {}");
        assertThat(scan().hearsItsEnd()).isFalse();
        war.against("dev.agentruntime.sdk.BeforeEnd", "public @interface BeforeEnd {}").with("com.acme.Hello", "public class Hello { @dev.agentruntime.sdk.BeforeEnd void save() {} }");
        assertThat(scan().hearsItsEnd()).isTrue();
    }

    @Test
    void whatCannotBeReadMayDoSomething() throws Exception {
        war.file("WEB-INF/classes/com/acme/Odd.class", "no class");
        assertThat(scan().hearsItsEnd()).isTrue();
    }
}
