package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shell has ended, and whoever is told so is quicker than the one who tells. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShellEndTest {

    private static final int STATUS = 3;

    @TempDir
    Path folder;

    private final CompletableFuture<Shell> shell = new CompletableFuture<>();
    private LinkPair links;

    @BeforeEach
    void start() throws IOException {
        links = new LinkPair(folder, (stream, target) -> serve(stream));
    }

    @AfterEach
    void stop() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        links.close();
    }

    private void serve(MuxStream stream) throws IOException {
        try (stream) {
            ShellSocket socket = ShellSocket.asked(stream);
            socket.accept();
            shell.join().serve(socket);
            stream.shutdownOutput();
            stream.input().transferTo(OutputStream.nullOutputStream());
        }
    }

    private void run(Consumer<Shell> gone) throws IOException {
        shell.complete(Shell.start("one", Map.of("PS1", "> ", "ENV", ""), links.threads, gone));
    }

    private ShellClient connect() throws IOException {
        return new ShellClient(links.host().open(Targets.SHELL), "one");
    }

    private void exit(ShellClient client) throws IOException {
        client.hear(STATUS);
        client.type("exit 5\n");
        assertThat(client.hear(STATUS)).contains("\"message\":\"5\"");
    }

    @Test
    void whoeverHasFoundItBeforeItsEndWasKnownIsToldToo() throws IOException {
        run(ended -> { });
        try (ShellClient client = connect()) {
            exit(client);
            assertThat(client.hear()).isEqualTo(new ShellClient.Heard(-1, "1000"));
        }
        for (int i = 0; i < 3; i++) {
            try (ShellClient late = connect()) {
                assertThat(late.hear(STATUS)).contains("\"reconnected\":true");
                assertThat(late.hear(STATUS)).contains("\"message\":\"5\"");
                assertThat(late.hear()).isEqualTo(new ShellClient.Heard(-1, "1000"));
            }
        }
    }

    @Test
    void whoeverComesAgainAtOnceWaitsUntilTheEndIsKnown() throws Exception {
        CountDownLatch mayBeKnown = new CountDownLatch(1);
        CountDownLatch known = new CountDownLatch(1);
        run(ended -> {
            pass(mayBeKnown);
            known.countDown();
        });
        try (ShellClient client = connect()) {
            exit(client);
            Thread again = new Thread(() -> shell.join().awaitTold(), "comes again");
            again.start();
            await().until(() -> again.getState() == Thread.State.TIMED_WAITING);
            mayBeKnown.countDown();
            again.join();
            assertThat(known.getCount()).isZero();
        }
    }

    @Test
    void nobodyWaitsForAShellThatRuns() throws IOException {
        run(ended -> { });
        shell.join().awaitTold();
        try (ShellClient client = connect()) {
            client.hear(STATUS);
            shell.join().awaitTold();
            client.type("echo star''ted\n");
            client.await("started");
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
