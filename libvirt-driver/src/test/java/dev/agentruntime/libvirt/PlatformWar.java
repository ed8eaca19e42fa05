package dev.agentruntime.libvirt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.h2.Driver;

/** A WAR that uses much of the Web Profile and of MicroProfile. Its database is in its own memory, by a driver of its own. */
final class PlatformWar {

    private static final String ISSUER = "https://idp.acme.example";
    private static final KeyPair KEYS = keys();
    private static final Map<String, String> FILES = new LinkedHashMap<>();

    static {
        FILES.put("WEB-INF/agent-server.xml", """
                <server>
                  <jndiEntry id="color" jndiName="shelf/color" value="blue"/>
                  <mailSession jndiName="mail/out" description="To customers" host="smtp.outbound" from="agent@acme.example" mailSessionID="out" user="agent" password="none"/>
                  <basicRegistry><user name="ann" password="secret"/></basicRegistry>
                  <mpMetrics authentication="false"/>
                </server>
                """);
        FILES.put("WEB-INF/classes/META-INF/microprofile-config.properties", """
                mp.jwt.verify.issuer=%s
                mp.jwt.verify.publickey=-----BEGIN PUBLIC KEY-----%s-----END PUBLIC KEY-----
                otel.sdk.disabled=false
                otel.service.name=books
                otel.traces.exporter=none
                otel.metrics.exporter=none
                otel.logs.exporter=none
                """.formatted(ISSUER, Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded())));
        FILES.put("WEB-INF/classes/META-INF/persistence.xml", """
                <persistence xmlns="https://jakarta.ee/xml/ns/persistence" version="3.0">
                  <persistence-unit name="books" transaction-type="JTA">
                    <jta-data-source>java:app/jdbc/books</jta-data-source>
                    <properties><property name="jakarta.persistence.schema-generation.database.action" value="create"/></properties>
                  </persistence-unit>
                </persistence>
                """);
        FILES.put("WEB-INF/beans.xml", "");
        FILES.put("WEB-INF/web.xml", """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <servlet><servlet-name>faces</servlet-name><servlet-class>jakarta.faces.webapp.FacesServlet</servlet-class></servlet>
                  <data-source>
                    <name>java:app/jdbc/books</name><class-name>org.h2.jdbcx.JdbcDataSource</class-name>
                    <url>jdbc:h2:mem:books;DB_CLOSE_DELAY=-1</url><user>sa</user><password></password>
                  </data-source>
                  <servlet-mapping><servlet-name>faces</servlet-name><url-pattern>*.xhtml</url-pattern></servlet-mapping>
                </web-app>
                """);
        FILES.put("page.jsp", """
                <%@ taglib prefix="c" uri="jakarta.tags.core" %><%@ page contentType="text/plain" %>
                <c:forEach items="${shelf.titles}" var="title">jsp=${title}
                </c:forEach>
                """);
        FILES.put("page.xhtml", """
                <html xmlns="http://www.w3.org/1999/xhtml" xmlns:h="jakarta.faces.html"><h:head/><h:body><h:outputText value="faces=#{shelf.titles}"/></h:body></html>
                """);
    }

    private PlatformWar() {}

    static Path in(Path directory) throws IOException {
        Path war = directory.resolve("platform.war");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(war))) {
            for (Class<?> type : List.of(Book.class, Shelf.class, BooksServlet.class, Office.class, Desk.class, Opening.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                try (InputStream in = PlatformWar.class.getClassLoader().getResourceAsStream(name)) {
                    put(out, "WEB-INF/classes/" + name, in.readAllBytes());
                }
            }
            for (Map.Entry<String, String> file : FILES.entrySet()) {
                put(out, file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            put(out, "WEB-INF/lib/h2.jar", Files.readAllBytes(Path.of(Driver.class.getProtectionDomain().getCodeSource().getLocation().getPath())));
        }
        return war;
    }

    /** A token that the agent believes. */
    static String token(String name, String group) throws GeneralSecurityException {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        long now = Instant.now().getEpochSecond();
        String claims = "{\"iss\":\"%s\",\"sub\":\"%s\",\"upn\":\"%s\",\"groups\":[\"%s\"],\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"}"
                .formatted(ISSUER, name, name, group, now, now + 3600, UUID.randomUUID());
        String signed = base64.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(KEYS.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64.encodeToString(signature.sign());
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has RSA.", e);
        }
    }

    /** With a fixed time, so that one run makes the same WAR again. */
    private static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }
}
