package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation.Outcome;
import jakarta.servlet.ServletOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A WebSocket between a caller and its guest, from the handshake to its end. {@link CallerFrames} and {@link GuestFrames} carry frames as
 * they come: whoever does not read holds back whoever sends, and nobody else. A frame that may not be sent ends it, as do the guest's end
 * and the caller's, each with the code that fits. Thread-safe; does not block.
 */
final class WebSocketRelay {

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
    /** For a guest to take something of what a caller has sent that has left since. */
    static final Duration STANDSTILL = Duration.ofSeconds(6);

    /** Runs something later; what it returns takes that back, and may be run again. */
    interface Timer {
        Runnable later(Duration after, Runnable task);
    }

    private final GuestStream guest;
    private final Supplier<Optional<String>> sessionEnd;
    private final Timer timer;
    private final Consumer<Outcome> ended;
    private final CallerFrames up;
    private final GuestFrames down;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean callerLetGo = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Runnable opened;
    private volatile Outcome outcome = Outcome.SUCCESS;
    private volatile Runnable inTime = () -> { };
    private volatile CallerWatch.Watching watching = () -> { };
    private volatile Optional<CallerLine> line = Optional.empty();

    /**
     * @param early      what the guest has sent already
     * @param sessionEnd why the session has ended; empty while it lives
     * @param ended      told once how it went, when all is closed
     */
    WebSocketRelay(GuestStream guest, ByteBuffer early, Supplier<Optional<String>> sessionEnd, Executor executor, Timer timer, Consumer<Outcome> ended) {
        this.guest = guest;
        this.sessionEnd = sessionEnd;
        this.timer = timer;
        this.ended = ended;
        up = new CallerFrames(guest, executor, this);
        down = new GuestFrames(guest, early, executor, this);
        opened = timer.later(TO_OPEN, this::gone);
    }

    /**
     * Begins. Called once, before any frame is carried.
     *
     * @param watch of the caller's end, which may call {@link #callerEnded}; closed when this has ended
     */
    void open(CallerBytes bytes, ServletOutputStream output, CallerLine upgraded, CallerWatch.Watching watch) {
        line = Optional.of(upgraded);
        watching = watch;
        inTime = timer.later(LONGEST, () -> stop(WebSocketClose.GOING_AWAY, "This WebSocket was open for " + LONGEST.toMinutes()
                + " minutes, as long as one may be"));
        opened.run();
        if (callerLetGo.get()) { // it was given up before it was there
            letGoOfAll();
            upgraded.close();
            return;
        }
        down.begin(output);
        up.begin(bytes);
    }

    /** Ends it from outside. */
    void stop(int code, String reason) {
        WebSocketClose close = new WebSocketClose(code, reason);
        stop(close, close, Outcome.SUCCESS);
    }

    private void stop(WebSocketClose forCaller, WebSocketClose forGuest, Outcome how) {
        if (stopping.compareAndSet(false, true)) {
            outcome = how;
            timer.later(FAREWELL, this::finish);
            up.close(forGuest);
            down.close(forCaller);
        }
    }

    /** The caller has ended its connection. What it has sent before is carried for as long as its guest goes on taking it. */
    void callerEnded() {
        goneUnlessCarried(up.carried());
    }

    private void goneUnlessCarried(long before) {
        timer.later(STANDSTILL, () -> {
            long now = up.carried();
            if (now == before) {
                gone();
            } else if (!over.get()) {
                goneUnlessCarried(now);
            }
        });
    }

    /** The caller's connection is closed, or will never be there. */
    void gone() {
        if (callerLetGo.compareAndSet(false, true)) {
            line.ifPresent(CallerLine::close);
            WebSocketClose bye = new WebSocketClose(WebSocketClose.GOING_AWAY, "The caller has left");
            stop(bye, bye, hasCallerClosed() || down.isClosed() ? Outcome.SUCCESS : Outcome.ABANDONED);
            down.goOn();
        }
    }

    /** Nothing can be read of the caller any more. */
    void callerLeft() {
        if (callerLetGo.get()) {
            line.ifPresent(CallerLine::close);
        } else {
            gone();
        }
    }

    /** The guest was sent the caller's close frame. */
    void callerClosed(WebSocketClose said) {
        oneClosed(said);
    }

    /** The caller is about to be sent the guest's close frame. */
    void guestClosed(WebSocketClose said) {
        oneClosed(said);
    }

    /** One side has said its last; the other has some time for its own. */
    private void oneClosed(WebSocketClose said) {
        if (hasCallerClosed() && down.isClosed()) {
            down.goOn();
        } else {
            timer.later(FAREWELL, () -> stop(said, said, Outcome.SUCCESS));
        }
    }

    void callerErred(FrameException e) {
        stop(new WebSocketClose(e.code(), e.getMessage()), new WebSocketClose(WebSocketClose.GOING_AWAY, "The caller spoke no proper WebSocket"),
                Outcome.ABANDONED);
    }

    void guestErred(FrameException e) {
        stop(new WebSocketClose(WebSocketClose.SERVER_ERROR, "The agent spoke no proper WebSocket: " + e.getMessage()),
                new WebSocketClose(e.code(), e.getMessage()), Outcome.AGENT_ERROR);
    }

    /**
     * A guest has ended without a close frame: with its session, or by itself.
     *
     * @param patience for the platform to find out
     */
    void guestEnded(Duration patience) {
        Optional<String> why = sessionEnd.get();
        if (hasCallerClosed()) {
            WebSocketClose said = up.closed().orElseThrow();
            stop(said, said, Outcome.SUCCESS);
        } else if (why.isPresent()) {
            stop(WebSocketClose.GOING_AWAY, "The session has ended: " + why.get());
        } else if (patience.compareTo(Duration.ZERO) > 0) {
            timer.later(CERTAINTY, () -> guestEnded(patience.minus(CERTAINTY)));
        } else {
            WebSocketClose close = new WebSocketClose(WebSocketClose.SERVER_ERROR, "The agent closed its connection without a close frame");
            stop(close, close, Outcome.AGENT_ERROR);
        }
    }

    /** Whoever calls the parts would swallow what they throw, and all would stay open. */
    void broken(RuntimeException cause) {
        if (!over.get()) {
            InvocationMessage.WEB_SOCKET_FAILED.log(cause, cause.toString());
            outcome = Outcome.PLATFORM_ERROR;
            finish();
        }
    }

    /** Whether the guest was sent the caller's close frame. */
    boolean hasCallerClosed() {
        return up.closed().isPresent();
    }

    /** Whether nothing is sent to the caller any more, nor counts of what it sends. */
    boolean hasLetCallerGo() {
        return callerLetGo.get();
    }

    /** Whether all has ended. */
    boolean isOver() {
        return over.get();
    }

    /** All that the caller is to have was sent; it has some time to read that. */
    void letCallerGo() {
        if (callerLetGo.compareAndSet(false, true)) {
            line.ifPresent(CallerLine::end);
            timer.later(FAREWELL, () -> {
                finish();
                line.ifPresent(CallerLine::close);
            });
            up.awaitEnd();
        }
    }

    /** Ends all at once; a caller that was let go before has its time all the same. */
    void finish() {
        if (over.compareAndSet(false, true)) {
            letGoOfAll();
            if (callerLetGo.compareAndSet(false, true)) {
                line.ifPresent(CallerLine::close);
            }
            guest.close();
            ended.accept(outcome);
        }
    }

    private void letGoOfAll() {
        opened.run();
        inTime.run();
        watching.close();
    }
}
