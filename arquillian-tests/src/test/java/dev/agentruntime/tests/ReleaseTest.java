package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The release, as it is made where a server may have run before. */
class ReleaseTest {

    private static final URI RELEASE = URI.create("jar:" + Path.of("../server-config/target/server-config-0.1.0.zip").toUri());

    private FileSystem release;

    @BeforeEach
    void open() throws IOException {
        release = FileSystems.newFileSystem(RELEASE, Map.of("enablePosixFileAttributes", "true"));
    }

    @AfterEach
    void close() throws IOException {
        release.close();
    }

    @Test
    void itHoldsTheServersConfigurationAndNothingThatTheServerHasWritten() throws IOException {
        try (Stream<Path> files = Files.list(release.getPath("wlp/usr/servers/agentserver"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("server.xml", "server.env", "jvm.options");
        }
    }

    @Test
    void itsCommandsCanBeRun() throws IOException {
        assertThat(Files.getPosixFilePermissions(release.getPath("wlp/bin/server"))).contains(PosixFilePermission.OWNER_EXECUTE);
    }

    @Test
    void itHoldsTheFeature() {
        assertThat(release.getPath("wlp/usr/extension/lib/features")).isDirectoryContaining("glob:**/agentRuntime-1.0.mf");
    }
}
