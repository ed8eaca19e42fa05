package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SendingTest {

    private static final ByteBuffer ALIVE = ByteBuffer.wrap(new byte[] {5});

    private final Socket socket = new Socket();
    private final Shell.Sending sending = new Shell.Sending();
    private final List<String> told = new ArrayList<>();
    private Runnable during = () -> { };
    private final ShellReader reader = new ShellReader(new Listener(), sending);

    private static ByteBuffer message(int first) {
        return ByteBuffer.wrap(new byte[] {(byte) first});
    }

    @Test
    void aMessageWaitsForTheOneBeforeIt() {
        CompletableFuture<?> first = sending.send(socket, message(1));
        CompletableFuture<?> second = sending.send(socket, message(2));
        assertThat(socket.taken).containsExactly(1);
        socket.pending.complete(socket);
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        socket.pending.complete(socket);
        assertThat(second).isCompleted();
        assertThat(socket.taken).containsExactly(1, 2);
    }

    @Test
    void aSignOfLifeIsAnsweredBehindWhatIsBeingTyped() {
        CompletableFuture<?> typed = sending.send(socket, message(0));
        reader.onBinary(socket, ALIVE.duplicate(), true);
        assertThat(socket.taken).containsExactly(0);
        socket.pending.complete(socket);
        assertThat(typed).isCompleted();
        assertThat(socket.taken).containsExactly(0, 5);
        assertThat(told).isEmpty();
    }

    @Test
    void oneAnswerWaitsHoweverManySignsOfLifeCome() {
        sending.send(socket, message(0));
        for (int i = 0; i < 1000; i++) {
            reader.onBinary(socket, ALIVE.duplicate(), true);
        }
        while (!socket.pending.isDone()) {
            socket.pending.complete(socket);
        }
        assertThat(socket.taken).containsExactly(0, 5);
        reader.onBinary(socket, ALIVE.duplicate(), true);
        assertThat(socket.taken).containsExactly(0, 5, 5);
    }

    @Test
    void whatFailsDoesNotFailWhatFollows() {
        CompletableFuture<?> first = sending.send(socket, message(1));
        CompletableFuture<?> second = sending.send(socket, message(2));
        socket.pending.completeExceptionally(new IOException("broken"));
        assertThat(first).isCompletedExceptionally();
        socket.pending.complete(socket);
        assertThat(second).isCompleted();
    }

    @Test
    void whoeverAnswersPingsIsThere() {
        for (int i = 0; i < 10 * ShellReader.SILENT_BEATS; i++) {
            reader.beat(socket);
            reader.onPong(socket, ByteBuffer.allocate(0));
        }
        assertThat(socket.pings).isEqualTo(10 * ShellReader.SILENT_BEATS);
        assertThat(told).isEmpty();
    }

    @Test
    void aPingThatCannotBeSentTellsTheEndOnce() {
        socket.ping = CompletableFuture.failedFuture(new IOException("Output closed"));
        reader.beat(socket);
        reader.beat(socket);
        reader.onError(socket, new IOException("late"));
        assertThat(told).containsExactly("The connection broke off");
        assertThat(socket.pings).isEqualTo(1);
    }

    @Test
    void aPingThatIsBeingSentIsWaitedForAndSilenceTellsTheEnd() {
        socket.ping = new CompletableFuture<>();
        for (int i = 0; i < ShellReader.SILENT_BEATS; i++) {
            reader.beat(socket);
        }
        assertThat(told).isEmpty();
        reader.beat(socket);
        assertThat(told).containsExactly("The server does not answer any more");
        assertThat(socket.pings).isEqualTo(1);
    }

    @Test
    void nothingIsToldWhileTheListenerHasAMessage() throws Exception {
        socket.ping = CompletableFuture.failedFuture(new IOException("Output closed"));
        during = () -> CompletableFuture.runAsync(() -> reader.beat(socket)).join();
        reader.onBinary(socket, ByteBuffer.wrap(new byte[] {1, 'a'}), true);
        assertThat(told).containsExactly("output");
        reader.beat(socket);
        assertThat(told).containsExactly("output", "The connection broke off");
    }

    @Test
    void aShellThatHasEndedIsNotAskedAnyMore() {
        reader.onBinary(socket, ByteBuffer.wrap("\u0003{\"status\":\"Success\"}".getBytes(StandardCharsets.US_ASCII)), true);
        for (int i = 0; i < 2 * ShellReader.SILENT_BEATS; i++) {
            reader.beat(socket);
        }
        assertThat(told).containsExactly("exited");
        assertThat(socket.pings).isZero();
    }

    private final class Listener implements ShellListener {
        @Override
        public void connected(String shellId, boolean again, long dropped) {
            told.add("connected");
        }

        @Override
        public void output(byte[] bytes) {
            during.run();
            told.add("output");
        }

        @Override
        public void exited(int exitCode) {
            told.add("exited");
        }

        @Override
        public void disconnected(String why) {
            told.add(why);
        }
    }

    /** Refuses what comes before the last is sent, as the JDK's does. */
    private static final class Socket implements WebSocket {
        private final List<Integer> taken = new ArrayList<>();
        private CompletableFuture<WebSocket> pending = CompletableFuture.completedFuture(this);
        private CompletableFuture<WebSocket> ping = CompletableFuture.completedFuture(this);
        private int pings;

        @Override
        public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
            if (!pending.isDone()) {
                return CompletableFuture.failedFuture(new IllegalStateException("Send pending"));
            }
            taken.add((int) data.get());
            pending = new CompletableFuture<>();
            return pending;
        }

        @Override
        public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
            pings++;
            return ping;
        }

        @Override
        public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void request(long count) {
            // Whatever comes is taken.
        }

        @Override
        public String getSubprotocol() {
            return "";
        }

        @Override
        public boolean isOutputClosed() {
            return false;
        }

        @Override
        public boolean isInputClosed() {
            return false;
        }

        @Override
        public void abort() {
            throw new UnsupportedOperationException();
        }
    }
}
