package dev.agentruntime.supervisor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** WARs for the tests, made in memory. */
final class Wars {
    private Wars() {
    }

    /** A working agent. */
    static byte[] tiny() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream war = new ZipOutputStream(bytes);
                InputStream servlet = Wars.class.getResourceAsStream("TinyAgent.class")) {
            war.putNextEntry(new ZipEntry("WEB-INF/classes/" + TinyAgent.class.getName().replace('.', '/') + ".class"));
            servlet.transferTo(war);
        }
        return bytes.toByteArray();
    }

    /** Starts, and knows nothing of agents. */
    static byte[] withoutPing() throws IOException {
        return single("index.html", "<h1>no agent</h1>");
    }

    /** Does not start: its web.xml is not XML. */
    static byte[] broken() throws IOException {
        return single("WEB-INF/web.xml", "<web-app");
    }

    private static byte[] single(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream war = new ZipOutputStream(bytes)) {
            war.putNextEntry(new ZipEntry(name));
            war.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
