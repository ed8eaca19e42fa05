package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

    private static final int HEAD = 110;

    @Test
    void anExecutableFileComesBeforeTheArchiveThatWasThere(@TempDir Path folder) throws IOException {
        Path initrd = Files.writeString(folder.resolve("initrd"), "the rest");
        Archive archive = new Archive();
        archive.add("run", "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
        archive.write(folder.resolve("more"), initrd);
        String more = Files.readString(folder.resolve("more"), StandardCharsets.ISO_8859_1);
        assertThat(more).startsWith("070701" + "00000000" + "000081ed").endsWith("the rest");
        assertThat(more.substring(HEAD)).startsWith("run\0\0\0#!/bin/sh\n\0\0" + "070701").contains("TRAILER!!!\0");
        assertThat((more.length() - "the rest".length()) % 4).isZero();
    }
}
