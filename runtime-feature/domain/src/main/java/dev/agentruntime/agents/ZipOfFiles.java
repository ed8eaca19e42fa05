package dev.agentruntime.agents;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A ZIP of which the same files give the same bytes. Closing it leaves the stream below open. */
final class ZipOfFiles implements AutoCloseable {

    /** The earliest that ZIP can say; real times would make another artifact of the same content. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final ZipOutputStream zip;

    ZipOfFiles(OutputStream out) {
        zip = new ZipOutputStream(out);
        zip.setLevel(Deflater.BEST_SPEED);
    }

    /** @param name ends in a slash where {@code file} is a folder */
    void add(String name, Path file) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        if (!name.endsWith("/")) {
            Files.copy(file, zip);
        }
    }

    @Override
    public void close() throws IOException {
        zip.finish();
    }
}
