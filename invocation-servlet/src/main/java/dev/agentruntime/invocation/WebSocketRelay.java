package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation.Outcome;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Carries frames between a caller and its guest, as they come: whoever does not read holds back whoever sends, and nobody else. Holds
 * two buffers and no thread. A frame that may not be sent ends the WebSocket, as do the guest's end and the caller's, each with the
 * code that fits. Thread-safe.
 */
final class WebSocketRelay implements CallerBytes.Receiver, WriteListener {

    /** As AgentCore has it. */
    static final Duration LONGEST = Duration.ofMinutes(60);
    /** For the other side to answer a close frame, or to read one. */
    static final Duration FAREWELL = Duration.ofSeconds(5);
    /** For the container to hand over the connection, which it does at once or never. */
    static final Duration TO_OPEN = Duration.ofSeconds(30);
    /** For the platform to find out why a guest has gone that has ended its side. */
    static final Duration CERTAINTY = Duration.ofMillis(500);
    /** The same where the link to it broke, which is its VM's end more often than not. */
    static final Duration CERTAINTY_OF_DEATH = Duration.ofSeconds(5);

    private static final int BUFFER_BYTES = 16 * 1024;

    /** Runs something later; what it returns takes that back. */
    interface Timer {
        Runnable later(Duration after, Runnable task);
    }

    private final GuestStream guest;
    private final Supplier<Optional<String>> sessionEnd;
    private final Executor executor;
    private final Timer timer;
    private final Consumer<Outcome> ended;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean callerClosed = new AtomicBoolean();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile Outcome outcome = Outcome.SUCCESS;
    private volatile Runnable takeBack;

    private volatile CallerBytes caller = receiver -> { };
    private volatile Optional<ServletOutputStream> out = Optional.empty();
    private volatile Optional<CallerLine> line = Optional.empty();

    private final AtomicInteger upTurns = new AtomicInteger();
    private final FrameMeter fromCaller = FrameMeter.ofClient();
    private final ByteBuffer toGuest = ByteBuffer.allocate(BUFFER_BYTES);
    private volatile ByteBuffer arrived = ByteBuffer.allocate(0);
    private boolean asked;
    private volatile boolean closedByCaller;
    private volatile Optional<WebSocketClose> byeToGuest = Optional.empty();
    private boolean upOver;

    private final AtomicInteger downTurns = new AtomicInteger();
    private final FrameMeter fromGuest = FrameMeter.ofServer();
    private final ByteBuffer toCaller = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer read;
    private volatile boolean closedByGuest;
    private volatile Optional<WebSocketClose> byeToCaller = Optional.empty();
    private boolean saidBye;
    private boolean unflushed;
    private boolean guestEnded;

    /**
     * @param early      what the guest has sent already
     * @param sessionEnd why the session has ended; empty while it lives
     * @param ended      told once how it went, when all is closed
     */
    WebSocketRelay(GuestStream guest, ByteBuffer early, Supplier<Optional<String>> sessionEnd, Executor executor, Timer timer, Consumer<Outcome> ended) {
        this.guest = guest;
        this.sessionEnd = sessionEnd;
        this.executor = executor;
        this.timer = timer;
        this.ended = ended;
        read = ByteBuffer.allocate(Math.max(BUFFER_BYTES, early.remaining())).put(early).flip();
        takeBack = timer.later(TO_OPEN, this::gone);
    }

    /** Begins. Called once, before any frame is carried. */
    void open(CallerBytes bytes, ServletOutputStream output, CallerLine upgraded) {
        line = Optional.of(upgraded);
        caller = bytes;
        out = Optional.of(output);
        takeBack.run();
        takeBack = timer.later(LONGEST, () -> stop(WebSocketClose.GOING_AWAY, "This WebSocket was open for " + LONGEST.toMinutes()
                + " minutes, as long as one may be"));
        output.setWriteListener(this);
        up();
    }

    /** Ends it from outside. */
    void stop(int code, String reason) {
        WebSocketClose close = new WebSocketClose(code, reason);
        stop(close, close, Outcome.SUCCESS);
    }

    private void stop(WebSocketClose forCaller, WebSocketClose forGuest, Outcome how) {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        outcome = how;
        byeToGuest = Optional.of(forGuest);
        byeToCaller = Optional.of(forCaller);
        timer.later(FAREWELL, this::finish);
        executor.execute(this::up);
        executor.execute(this::down);
    }

    @Override
    public void arrived(ByteBuffer bytes) {
        boolean toBeSent = !callerClosed.get();
        if (toBeSent) {
            arrived = bytes; // before anybody may ask for more, which would take its place
        }
        synchronized (this) {
            asked = false;
        }
        if (toBeSent) {
            up();
        } else {
            ask(); // for the caller's end: closing before would reset what it has not read yet
        }
    }

    private synchronized void ask() {
        if (!asked) {
            asked = true;
            caller.next(this);
        }
    }

    @Override
    public void left(IOException cause) {
        if (callerClosed.get()) {
            line.ifPresent(CallerLine::close);
        } else {
            gone();
        }
    }

    /** The caller's connection is closed. */
    void gone() {
        if (callerClosed.compareAndSet(false, true)) {
            line.ifPresent(CallerLine::close);
            WebSocketClose bye = new WebSocketClose(WebSocketClose.GOING_AWAY, "The caller has left");
            stop(bye, bye, closedByCaller || closedByGuest ? Outcome.SUCCESS : Outcome.ABANDONED);
            executor.execute(this::down);
        }
    }

    private void up() {
        if (upTurns.getAndIncrement() == 0) {
            do {
                carryUp();
            } while (upTurns.decrementAndGet() > 0);
        }
    }

    private void carryUp() {
        try {
            while (!upOver) {
                fromCaller.pass(arrived, toGuest, byeToGuest.isEmpty());
                if (!sent()) {
                    guest.onWritable(() -> executor.execute(this::up));
                    return;
                }
                if (fromCaller.close().isPresent()) {
                    closedByCaller = true;
                    upOver = true;
                    bothClosed(fromCaller.close().get());
                } else if (byeToGuest.isPresent()) {
                    if (fromCaller.isBetweenFrames()) {
                        toGuest.put(byeToGuest.get().maskedFrame());
                    }
                    sent();
                    guest.shutdownOutput();
                    upOver = true;
                } else if (!arrived.hasRemaining()) {
                    ask();
                    return;
                }
            }
        } catch (FrameException e) {
            upOver = true;
            stop(new WebSocketClose(e.code(), e.getMessage()), new WebSocketClose(WebSocketClose.GOING_AWAY, "The caller spoke no proper WebSocket"),
                    Outcome.ABANDONED);
        } catch (IOException guestGone) {
            upOver = true; // reading from it tells why
        } catch (RuntimeException e) {
            upOver = true;
            broken(e);
        }
    }

    /** Whoever calls this would swallow it, and all would stay open. */
    private void broken(RuntimeException cause) {
        if (!over.get()) {
            InvocationMessage.WEB_SOCKET_FAILED.log(cause, cause.toString());
            outcome = Outcome.PLATFORM_ERROR;
            finish();
        }
    }

    /** Whether all was sent that may be. */
    private boolean sent() throws IOException {
        toGuest.flip();
        while (toGuest.hasRemaining() && guest.write(toGuest) > 0) {
            // As much as the guest takes.
        }
        toGuest.compact();
        return toGuest.position() == 0;
    }

    /** One side has said its last; the other has some time for its own. */
    private void bothClosed(WebSocketClose said) {
        if (closedByCaller && closedByGuest) {
            executor.execute(this::down);
        } else {
            timer.later(FAREWELL, () -> stop(said, said, Outcome.SUCCESS));
        }
    }

    @Override
    public void onWritePossible() {
        down();
    }

    @Override
    public void onError(Throwable cause) {
        gone();
    }

    private void down() {
        if (out.isPresent() && downTurns.getAndIncrement() == 0) {
            do {
                carryDown();
            } while (downTurns.decrementAndGet() > 0);
        }
    }

    private void carryDown() {
        try {
            boolean more = true;
            while (more && !over.get()) {
                more = callerClosed.get() ? discard() : out.get().isReady() && step(out.get());
            }
        } catch (IOException | IllegalStateException callerLeft) {
            gone();
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    /** One read, write or flush; whether there may be more to do at once. */
    private boolean step(ServletOutputStream to) throws IOException {
        if (toCaller.position() > 0) {
            unflushed = true;
            to.write(toCaller.array(), 0, toCaller.position());
            toCaller.clear();
            return true;
        }
        if (saidBye || closedByCaller && closedByGuest) {
            return flushed(to) || closeCaller();
        }
        pass();
        if (toCaller.position() > 0) {
            return true;
        }
        if (fromGuest.close().isPresent()) {
            return guestClosed() || flushed(to);
        }
        if (byeToCaller.isPresent() && fromGuest.isBetweenFrames()) {
            toCaller.put(byeToCaller.get().frame());
            saidBye = true;
            return true;
        }
        if (guestEnded) {
            return flushed(to) || byeToCaller.isPresent() && closeCaller();
        }
        return readGuest() || flushed(to) || await();
    }

    private void pass() {
        try {
            fromGuest.pass(read, toCaller, byeToCaller.isEmpty());
        } catch (FrameException e) {
            read.position(read.limit());
            guestEnded = true;
            stop(new WebSocketClose(WebSocketClose.SERVER_ERROR, "The agent spoke no proper WebSocket: " + e.getMessage()),
                    new WebSocketClose(e.code(), e.getMessage()), Outcome.AGENT_ERROR);
        }
    }

    private boolean guestClosed() {
        if (!closedByGuest) {
            closedByGuest = true;
            bothClosed(fromGuest.close().get());
        }
        if (closedByCaller || byeToCaller.isPresent()) {
            saidBye = true;
        }
        return saidBye;
    }

    private boolean readGuest() {
        read.clear();
        int bytes;
        Duration certainty = CERTAINTY;
        try {
            bytes = guest.read(read);
        } catch (IOException reset) {
            bytes = -1;
            certainty = CERTAINTY_OF_DEATH;
        }
        read.flip();
        if (bytes < 0) {
            guestEnded = true;
            sayWhy(certainty);
        }
        return bytes != 0;
    }

    /**
     * A guest that has ended without a close frame: with its session, or by itself.
     *
     * @param patience for the platform to find out
     */
    private void sayWhy(Duration patience) {
        Optional<String> why = sessionEnd.get();
        if (closedByCaller) {
            WebSocketClose said = fromCaller.close().orElseThrow();
            stop(said, said, Outcome.SUCCESS);
        } else if (why.isPresent()) {
            stop(WebSocketClose.GOING_AWAY, "The session has ended: " + why.get());
        } else if (patience.compareTo(Duration.ZERO) > 0) {
            timer.later(CERTAINTY, () -> sayWhy(patience.minus(CERTAINTY)));
        } else {
            WebSocketClose close = new WebSocketClose(WebSocketClose.SERVER_ERROR, "The agent closed its connection without a close frame");
            stop(close, close, Outcome.AGENT_ERROR);
        }
    }

    private boolean await() {
        guest.onReadable(() -> executor.execute(this::down));
        return false;
    }

    private boolean flushed(ServletOutputStream to) throws IOException {
        if (unflushed) {
            unflushed = false;
            to.flush();
            return true;
        }
        return false;
    }

    private boolean closeCaller() {
        if (callerClosed.compareAndSet(false, true)) {
            line.ifPresent(CallerLine::end);
            timer.later(FAREWELL, this::finish);
            timer.later(FAREWELL, () -> line.ifPresent(CallerLine::close));
            ask();
        }
        return true;
    }

    /** The guest ends its side when it has read its close frame. */
    private boolean discard() {
        read.clear();
        try {
            int bytes = guestEnded ? -1 : guest.read(read);
            if (bytes < 0) {
                finish();
            }
            return bytes > 0 || bytes == 0 && await();
        } catch (IOException reset) {
            finish();
            return false;
        } finally {
            read.clear().flip();
        }
    }

    private void finish() {
        if (over.compareAndSet(false, true)) {
            takeBack.run();
            if (callerClosed.compareAndSet(false, true)) {
                line.ifPresent(CallerLine::close);
            }
            guest.close();
            ended.accept(outcome);
        }
    }
}
