package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One epoch, made safe for threads: bytes in, bytes out, streams in between. It does no I/O and has no thread. One lock
 * guards it all; neither callbacks nor the output signal run under it.
 *
 * <p>Whoever is given the output signal has the duty to call {@link #transmit} and send what it yields until it yields
 * nothing; nobody else is signalled meanwhile.
 */
final class Engine {

    private final Executor callbacks;
    private final Consumer<MuxStream> onAccept;
    private final Runnable onOutput;
    private final ReentrantLock lock = new ReentrantLock();
    private final Core core;
    private final FrameReader reader;
    private final List<CompletableFuture<Duration>> pings = new ArrayList<>();
    private final Condition answered = lock.newCondition();
    private ByteBuffer preamble;
    private List<Runnable> due = new ArrayList<>();
    private boolean transmitting;
    private long pingSent;
    private String ended = "";

    /** @param preamble what goes out before any frame */
    Engine(Role role, Limits limits, ByteBuffer preamble, Executor callbacks, Consumer<MuxStream> onAccept, Runnable onOutput) {
        this.preamble = preamble;
        this.callbacks = callbacks;
        this.onAccept = onAccept;
        this.onOutput = onOutput;
        this.core = new Core(role, limits, lock::newCondition, new CoreEvents());
        this.reader = new FrameReader(core, role.peer);
    }

    Core core() {
        return core;
    }

    /** Every call on {@link #core()} and on a stream's state stands between this and {@link #exit()}. */
    void enter() {
        lock.lock();
    }

    void exit() {
        List<Runnable> run = List.of();
        boolean signal = false;
        if (lock.getHoldCount() == 1) {
            if (!due.isEmpty()) {
                run = due;
                due = new ArrayList<>();
            }
            signal = !transmitting && hasOutput();
            transmitting |= signal;
        }
        lock.unlock();
        if (signal) {
            onOutput.run();
        }
        runAll(run);
    }

    /** An executor that refuses one callback, for want of a thread, is given the others all the same. */
    private void runAll(List<Runnable> run) {
        for (int i = 0; i < run.size(); i++) {
            try {
                callbacks.execute(run.get(i));
            } catch (RuntimeException | Error refused) {
                runAll(run.subList(i + 1, run.size()));
                throw refused;
            }
        }
    }

    void later(Runnable callback) {
        due.add(callback);
    }

    boolean isUp() {
        enter();
        try {
            return ended.isEmpty();
        } finally {
            exit();
        }
    }

    /** Fails once the link has ended. */
    void requireUp() throws IOException {
        if (!ended.isEmpty()) {
            throw new IOException(ended);
        }
    }

    /** Starts what was prepared before anybody could send. */
    void start() {
        enter();
        exit();
    }

    MuxStream open(String target) throws IOException {
        byte[] line = TargetLine.encode(target);
        enter();
        try {
            requireUp();
            MuxStream stream = new MuxStream(this, core.open());
            stream.write(ByteBuffer.wrap(line));
            return stream;
        } finally {
            exit();
        }
    }

    CompletionStage<Duration> ping() {
        CompletableFuture<Duration> answer = new CompletableFuture<>();
        enter();
        try {
            if (!ended.isEmpty()) {
                answer.completeExceptionally(new IOException(ended));
            } else {
                if (pings.isEmpty()) {
                    pingSent = System.nanoTime();
                    core.ping();
                }
                pings.add(answer);
            }
        } finally {
            exit();
        }
        return answer.minimalCompletionStage();
    }

    /**
     * Sends a ping and waits for its answer; tells whether it came before the deadline and before the end. Blocks, and needs
     * no thread of the executor: all of those may wait here.
     */
    boolean confirm(Deadline deadline) throws InterruptedIOException {
        enter();
        try {
            if (ended.isEmpty()) {
                pingSent = System.nanoTime();
                core.ping();
            }
        } finally {
            exit();
        }
        enter();
        try {
            while (ended.isEmpty() && core.awaitsPong() && deadline.remainingNanos() > 0) {
                answered.awaitNanos(deadline.remainingNanos());
            }
            return ended.isEmpty() && !core.awaitsPong();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted while waiting for the guest's pong").initCause(interrupted);
        } finally {
            exit();
        }
    }

    /** Lets the peer, a guest, open streams. */
    void acceptStreams() {
        enter();
        try {
            core.acceptStreams();
        } finally {
            exit();
        }
    }

    /** Takes all of {@code in}, or all up to the frame that breaks the protocol. */
    void receive(ByteBuffer in) throws ProtocolViolation {
        enter();
        try {
            if (ended.isEmpty()) {
                reader.read(in);
            } else {
                in.position(in.limit());
            }
        } finally {
            exit();
        }
    }

    /** The bytes of the frame that broke the protocol, which may be something else's beginning. */
    ByteBuffer unread() {
        enter();
        try {
            return reader.unread();
        } finally {
            exit();
        }
    }

    /**
     * Replaces the content of {@code out} by what is to be sent; tells whether there is anything. When there is not, the
     * duty has ended, and with it the caller's hold on {@code out}.
     */
    boolean transmit(ByteBuffer out) {
        enter();
        try {
            out.clear();
            if (preamble.hasRemaining()) {
                out.put(preamble);
            }
            core.transmit(out);
            transmitting = out.flip().hasRemaining();
            return transmitting;
        } finally {
            exit();
        }
    }

    /** Ends the epoch and fails its streams. Idempotent. */
    void end(String reason) {
        enter();
        try {
            if (ended.isEmpty()) {
                ended = reason;
                preamble = ByteBuffer.allocate(0);
                core.end(reason);
                answered.signalAll();
                pings.forEach(ping -> later(() -> ping.completeExceptionally(new IOException(reason))));
                pings.clear();
            }
        } finally {
            exit();
        }
    }

    /** Ends the epoch, if it has not ended yet, and tells the peer so, for which it may be too late. */
    void leave(String reason, int code) {
        enter();
        try {
            if (ended.isEmpty()) {
                end(reason);
                core.leave(code);
            }
        } finally {
            exit();
        }
    }

    private boolean hasOutput() {
        return preamble.hasRemaining() || core.hasOutput();
    }

    private final class CoreEvents implements Core.Events {

        @Override
        public void accepted(StreamState stream) {
            later(() -> onAccept.accept(new MuxStream(Engine.this, stream)));
        }

        @Override
        public void pong() {
            answered.signalAll();
            Duration roundTrip = Duration.ofNanos(System.nanoTime() - pingSent);
            pings.forEach(ping -> later(() -> ping.complete(roundTrip)));
            pings.clear();
        }

        @Override
        public void later(Runnable callback) {
            due.add(callback);
        }
    }
}
