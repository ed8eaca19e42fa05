package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WarScanTest {
    @TempDir
    Path folder;

    private Compiled war;

    @BeforeEach
    void start() throws IOException {
        war = new Compiled(folder);
    }

    private WarScan.Findings scan() throws IOException {
        return WarScan.of(Files.write(folder.resolve("agent.war"), war.war()));
    }

    @ParameterizedTest
    @CsvSource({"org.eclipse.microprofile.faulttolerance.Retry, mpFaultTolerance", "jakarta.annotation.security.RolesAllowed, appSecurity",
            "org.eclipse.microprofile.metrics.annotation.Counted, mpMetrics", "jakarta.persistence.PersistenceContext, persistence",
            "jakarta.ejb.Stateless, enterpriseBeans", "org.eclipse.microprofile.health.Liveness, mpHealth", "jakarta.jms.JMSConnectionFactory, messaging"})
    void aFeatureThatTheGuestDoesNotHaveIsToldByItsName(String annotation, String feature) throws Exception {
        war.againstAnnotation(annotation).with("com.acme.Hello", "package com.acme; public class Hello { @" + annotation + "(\"nobody\") public void invoke() {} }");
        assertThat(scan().warnings()).singleElement().asString().contains("com.acme.Hello", "the feature " + feature)
                .contains(annotation.substring(0, annotation.lastIndexOf('.')).replace(".annotation", "").replace("jakarta.security", "jakarta.annotation.security"));
        assertThat(scan().olderPlatform()).isEmpty();
    }

    @Test
    void aTypeOfAFieldOrOfAParameterIsFoundToo() throws Exception {
        war.against("jakarta.persistence.EntityManager", "package jakarta.persistence; public interface EntityManager {}")
                .with("com.acme.Hello", "package com.acme; public class Hello { public void invoke(jakarta.persistence.EntityManager[] all) {} }");
        assertThat(scan().warnings()).singleElement().asString().contains("persistence");
    }

    @ParameterizedTest
    @CsvSource({"index.jsp, pages", "pages/list.jspx, pages", "WEB-INF/view/a.jsp, pages", "WEB-INF/faces-config.xml, faces", "WEB-INF/ejb-jar.xml, enterpriseBeans",
            "WEB-INF/classes/META-INF/persistence.xml, persistence"})
    void filesTellOfFeaturesToo(String file, String feature) throws Exception {
        war.file(file, new byte[0]);
        assertThat(scan().warnings()).singleElement().asString().contains("the feature " + feature, file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<web-app><security-constraint/></web-app>", "<web-app><login-config/></web-app>"})
    void aConstraintInWebXmlThatNobodyWouldHoldIsTold(String xml) throws Exception {
        war.file("WEB-INF/web.xml", xml.getBytes(StandardCharsets.UTF_8));
        assertThat(scan().warnings()).singleElement().asString().contains("WEB-INF/web.xml", "appSecurity");
    }

    @Test
    void whatTheWarBringsAlongIsNotMissing() throws Exception {
        byte[] api = new Compiled(folder).with("jakarta.persistence.Entity", "package jakarta.persistence; public @interface Entity {}").jar();
        war.against("jakarta.persistence.Entity", "package jakarta.persistence; public @interface Entity {}")
                .with("com.acme.Book", "package com.acme; @jakarta.persistence.Entity public class Book {}").file("WEB-INF/lib/api.jar", api);
        assertThat(scan().warnings()).isEmpty();
    }

    @Test
    void librariesOfTheWarAreNobodysBusiness() throws Exception {
        byte[] library = new Compiled(folder).against("javax.servlet.Filter", "package javax.servlet; public interface Filter {}")
                .with("org.lib.OldFilter", "package org.lib; public class OldFilter implements javax.servlet.Filter {}").jar();
        war.with("com.acme.Hello", "package com.acme; public class Hello {}").file("WEB-INF/lib/lib.jar", library);
        assertThat(scan()).isEqualTo(new WarScan.Findings(java.util.List.of(), java.util.Optional.empty()));
    }

    @Test
    void aWarOfJavaEe8IsToldAsSuch() throws Exception {
        war.against("javax.servlet.http.HttpServlet", "package javax.servlet.http; public class HttpServlet {}")
                .with("com.acme.Old", "package com.acme; public class Old extends javax.servlet.http.HttpServlet {}");
        assertThat(scan().olderPlatform()).get().asString().contains("Java EE 8 or older", "javax.servlet (com.acme.Old)", "Jakarta EE 10",
                "from javax to jakarta");
    }

    @Test
    void packagesOfJavaSeAreNotTakenForJavaEe() throws Exception {
        war.with("com.acme.Hello", "package com.acme; public class Hello { javax.sql.DataSource a; javax.naming.Context b; javax.net.ssl.SSLContext c;"
                + " javax.annotation.processing.Processor d; javax.transaction.xa.XAResource e; javax.management.MBeanServer f; javax.xml.stream.XMLStreamReader g; }");
        assertThat(scan().olderPlatform()).isEmpty();
        assertThat(scan().warnings()).isEmpty();
    }

    @Test
    void whatIsNoWarIsForLibertyToSay() throws Exception {
        Path file = Files.writeString(folder.resolve("agent.war"), "hello");
        assertThatThrownBy(() -> WarScan.of(file)).isInstanceOf(IOException.class);
    }

    @Test
    void damagedClassesAreLeftToWhoeverLoadsThem() throws Exception {
        war.file("WEB-INF/classes/A.class", "no class".getBytes(StandardCharsets.UTF_8)).file("WEB-INF/classes/B.class", new byte[0])
                .file("WEB-INF/lib/no.jar", "no jar".getBytes(StandardCharsets.UTF_8)).file("WEB-INF/ejb-jar.xml", new byte[0]);
        assertThat(scan().warnings()).hasSize(1);
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
                ConstantPool.texts(new ByteArrayInputStream(file));
            } catch (IOException refused) {
                assertThat(refused).as("seed %d", seed).isNotNull();
            }
        }
    }
}
