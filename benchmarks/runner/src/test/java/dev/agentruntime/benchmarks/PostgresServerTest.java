package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresServerTest {

    @TempDir
    Path folder;

    @Test
    void oneThatWasNeverStartedIsClosedWithoutAWord() {
        Path log = folder.resolve("log");
        assertThatCode(() -> new PostgresServer(log).close()).doesNotThrowAnyException();
        assertThat(log).doesNotExist();
    }

    @Test
    void whatItStartsIsNamedInServerXmlAndGoneAtTheEnd() throws Exception {
        assumeTrue(PostgresServer.isInstalled() && Files.isWritable(Path.of("/etc/passwd")), "it takes Debian's postgresql, and root");
        PostgresServer postgres = new PostgresServer(folder.resolve("log"));
        try {
            assertThat(postgres.start()).contains("jndiName=\"jdbc/benchmark\"", "portNumber=\"28432\"", "dataSource=\"jdbc/benchmark\"");
            List<Long> processes = postgres.processes();
            assertThat(processes).hasSizeGreaterThan(1);
            Signal.STOP.to(processes);
            postgres.close();
            assertThat(processes).allSatisfy(pid -> assertThat(ProcessHandle.of(pid).map(ProcessHandle::onExit)
                    .orElse(CompletableFuture.completedFuture(null))).succeedsWithin(Duration.ofSeconds(20)));
        } finally {
            postgres.close();
        }
    }
}
