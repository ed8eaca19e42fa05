package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The benchmark agent as an ordinary application behind MicroProfile JWT, as anybody would protect one. */
final class GuardedWar {

    private static final String DESCRIPTOR = "WEB-INF/web.xml";
    private static final String GUARDED = """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <security-constraint>
                <web-resource-collection><web-resource-name>all</web-resource-name><url-pattern>/*</url-pattern></web-resource-collection>
                <auth-constraint><role-name>agent-invoker</role-name></auth-constraint>
              </security-constraint>
              <login-config><auth-method>MP-JWT</auth-method></login-config>
              <security-role><role-name>agent-invoker</role-name></security-role>
            </web-app>
            """;

    private GuardedWar() {}

    /** Writes it, made of another WAR that has no descriptor that matters. */
    static void of(Path war, Path guarded) throws IOException {
        try (ZipFile source = new ZipFile(war.toFile()); ZipOutputStream target = new ZipOutputStream(Files.newOutputStream(guarded))) {
            Enumeration<? extends ZipEntry> entries = source.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.getName().equals(DESCRIPTOR)) {
                    target.putNextEntry(new ZipEntry(entry.getName()));
                    source.getInputStream(entry).transferTo(target);
                }
            }
            target.putNextEntry(new ZipEntry(DESCRIPTOR));
            target.write(GUARDED.getBytes(StandardCharsets.UTF_8));
        }
    }
}
