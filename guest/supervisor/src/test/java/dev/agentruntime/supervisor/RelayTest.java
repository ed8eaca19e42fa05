package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RelayTest {

    @TempDir
    Path folder;

    private ServerSocket agent;
    private LinkPair links;

    @BeforeEach
    void start() throws IOException {
        agent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Relay relay = new Relay(new InetSocketAddress(agent.getInetAddress(), agent.getLocalPort()), Executors.newCachedThreadPool(LinkThreads::daemon));
        links = new LinkPair(folder, (stream, target) -> relay.run(stream));
    }

    private static final class LinkThreads {
        static Thread daemon(Runnable task) {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }
    }

    @AfterEach
    void stop() throws IOException {
        links.close();
        agent.close();
    }

    private MuxStream open() throws IOException {
        return links.host().open(Targets.AGENT);
    }

    @Test
    void bytesGoBothWaysAsTheyAreAndEachDirectionEndsByItself() throws Exception {
        byte[] question = new byte[3_000_000];
        new Random(1).nextBytes(question);
        try (MuxStream stream = open(); Socket socket = agent.accept()) {
            CompletableFuture<byte[]> heard = CompletableFuture.supplyAsync(() -> all(socket), links.threads);
            stream.output().write(question);
            stream.shutdownOutput();
            assertThat(heard.join()).isEqualTo(question);
            socket.getOutputStream().write("late answer".getBytes());
            socket.shutdownOutput();
            assertThat(stream.input().readAllBytes()).isEqualTo("late answer".getBytes());
        }
    }

    private static byte[] all(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void anAnswerMayEndBeforeTheQuestion() throws Exception {
        try (MuxStream stream = open(); Socket socket = agent.accept()) {
            socket.getOutputStream().write("no".getBytes());
            socket.shutdownOutput();
            assertThat(stream.input().readAllBytes()).isEqualTo("no".getBytes());
            stream.output().write("still here".getBytes());
            stream.shutdownOutput();
            assertThat(all(socket)).isEqualTo("still here".getBytes());
        }
    }

    @Test
    void aHostThatGivesUpClosesTheConnectionToTheAgent() throws Exception {
        MuxStream stream = open();
        try (Socket socket = agent.accept()) {
            stream.output().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            stream.close();
            assertThatThrownByOrEnd(socket);
        }
    }

    private static void assertThatThrownByOrEnd(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void anAgentThatBreaksOffResetsTheStream() throws Exception {
        try (MuxStream stream = open()) {
            Socket socket = agent.accept();
            stream.output().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            socket.setSoLinger(true, 0);
            socket.close();
            assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class).hasMessage("the guest reset the stream");
        }
    }

    @Test
    void anAgentThatIsNotThereResetsTheStream() throws Exception {
        agent.close();
        try (MuxStream stream = open()) {
            assertThatThrownBy(() -> stream.input().read()).isInstanceOf(IOException.class).hasMessage("the guest reset the stream");
        }
    }

    @Test
    void anAgentThatDoesNotReadHoldsUpItsOwnStreamOnly() throws Exception {
        try (MuxStream slow = open(); Socket deaf = agent.accept()) {
            links.threads.submit(() -> {
                slow.output().write(new byte[20_000_000]);
                return null;
            });
            for (int i = 0; i < 20; i++) {
                try (MuxStream quick = open(); Socket socket = agent.accept()) {
                    quick.output().write(i);
                    int next = i;
                    await().until(() -> socket.getInputStream().read() == next);
                }
            }
            assertThat(deaf.isConnected()).isTrue();
        }
    }
}
