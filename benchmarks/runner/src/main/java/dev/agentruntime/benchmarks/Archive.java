package dev.agentruntime.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** More files for a guest's initial RAM disk, as a cpio archive of the "newc" form. For one thread. */
final class Archive {

    private static final int EXECUTABLE = 0100755;

    private final ByteArrayOutputStream files = new ByteArrayOutputStream();

    /** An executable file in the root folder. */
    void add(String name, byte[] content) {
        entry(files, name, EXECUTABLE, content);
    }

    /** Writes a RAM disk of both; the kernel unpacks one archive after the other, compressed or not. */
    void write(Path target, Path initrd) throws IOException {
        try (OutputStream out = Files.newOutputStream(target)) {
            files.writeTo(out);
            ByteArrayOutputStream end = new ByteArrayOutputStream();
            entry(end, "TRAILER!!!", 0, new byte[0]);
            end.writeTo(out);
            Files.copy(initrd, out);
        }
    }

    /** Thirteen numbers of eight hex digits, the name and the content, each filled to four bytes. */
    private static void entry(ByteArrayOutputStream out, String name, int mode, byte[] content) {
        byte[] path = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        out.writeBytes(String.format("070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
                0, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length, 0).getBytes(StandardCharsets.US_ASCII));
        fill(out, path);
        fill(out, content);
    }

    private static void fill(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(bytes);
        out.writeBytes(new byte[-out.size() & 3]);
    }
}
