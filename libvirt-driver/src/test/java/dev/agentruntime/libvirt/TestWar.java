package dev.agentruntime.libvirt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs WARs for the VM tests. */
final class TestWar {

    private TestWar() {}

    static Path echo(Path directory) throws IOException {
        return of(EchoServlet.class, directory.resolve("echo.war"));
    }

    /** An agent that goes out. */
    static Path outward(Path directory) throws IOException {
        return of(OutwardServlet.class, directory.resolve("outward.war"));
    }

    private static Path of(Class<?> servlet, Path war) throws IOException {
        String name = servlet.getName().replace('.', '/') + ".class";
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(war));
                InputStream in = TestWar.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(entry("WEB-INF/classes/" + name));
            in.transferTo(out);
            out.closeEntry();
        }
        return war;
    }

    /** A WAR that no server can start. */
    static Path broken(Path directory) throws IOException {
        Path war = directory.resolve("broken.war");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(war))) {
            out.putNextEntry(entry("WEB-INF/web.xml"));
            out.write("<web-app><not closed".getBytes());
            out.closeEntry();
        }
        return war;
    }

    /** With a fixed time, so that the same WAR has the same digest. */
    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        return entry;
    }
}
