package dev.agentruntime.agentctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was piped in, in a file of its own until it is closed: it is read twice where a signature has to be made of it, and may be large. */
record Spooled(Path file) implements AutoCloseable {

    /** @throws Problem there is more than {@code most} bytes */
    static Spooled of(InputStream in, int most) throws IOException {
        Spooled spooled = new Spooled(Files.createTempFile("agentctl", ".body"));
        try (OutputStream out = Files.newOutputStream(spooled.file)) {
            byte[] chunk = new byte[64 << 10];
            long all = 0;
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                all += read;
                if (all > most) {
                    throw new Problem(ExitCode.INVALID, "The body has more than " + most + " bytes, the most that a server takes.");
                }
                out.write(chunk, 0, read);
            }
            return spooled;
        } catch (IOException | RuntimeException e) {
            spooled.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
