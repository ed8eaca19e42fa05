package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Carries a guest's frames to its caller: no more is read of the guest than the caller takes. Holds no thread. Thread-safe. */
final class GuestFrames implements WriteListener {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final GuestStream guest;
    private final Executor executor;
    private final WebSocketRelay relay;
    private final Turns turns = new Turns(this::carry);
    private final FrameMeter meter = FrameMeter.ofServer();
    private final ByteBuffer toCaller = ByteBuffer.allocate(BUFFER_BYTES);
    private final ByteBuffer read;
    private volatile Optional<ServletOutputStream> out = Optional.empty();
    private volatile Optional<WebSocketClose> bye = Optional.empty();
    private volatile boolean closed;
    private boolean saidBye;
    private boolean unflushed;
    private boolean ended;

    /**
     * @param early what the guest has sent already
     * @param relay told what becomes of it
     */
    GuestFrames(GuestStream guest, ByteBuffer early, Executor executor, WebSocketRelay relay) {
        this.guest = guest;
        this.executor = executor;
        this.relay = relay;
        read = ByteBuffer.allocate(Math.max(BUFFER_BYTES, early.remaining())).put(early).flip();
    }

    /** Begins. Called once. */
    void begin(ServletOutputStream output) {
        out = Optional.of(output);
        output.setWriteListener(this);
    }

    /** Sends the caller a close frame when the frame that is under way has passed, unless the guest's has. Called once. */
    void close(WebSocketClose said) {
        bye = Optional.of(said);
        goOn();
    }

    /** Looks anew at what is to be done. Does not block. */
    void goOn() {
        executor.execute(this::take);
    }

    /** Whether the guest has closed it, with a frame that the caller was sent. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public void onWritePossible() {
        take();
    }

    @Override
    public void onError(Throwable cause) {
        relay.gone();
    }

    private void take() {
        if (out.isPresent()) {
            turns.take();
        }
    }

    private void carry() {
        try {
            boolean more = true;
            while (more && !relay.isOver()) {
                more = relay.hasLetCallerGo() ? discard() : out.get().isReady() && step(out.get());
            }
        } catch (IOException | IllegalStateException callerLeft) {
            relay.gone();
        } catch (RuntimeException e) {
            relay.broken(e);
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
        if (saidBye || closed && relay.hasCallerClosed()) {
            return flushed(to) || letCallerGo();
        }
        pass();
        if (toCaller.position() > 0) {
            return true;
        }
        if (meter.close().isPresent()) {
            return guestClosed() || flushed(to);
        }
        if (bye.isPresent() && meter.isBetweenFrames()) {
            toCaller.put(bye.get().frame());
            saidBye = true;
            return true;
        }
        if (ended) {
            return flushed(to) || bye.isPresent() && letCallerGo();
        }
        return read() || flushed(to) || await();
    }

    private void pass() {
        try {
            meter.pass(read, toCaller, bye.isEmpty());
        } catch (FrameException e) {
            read.position(read.limit());
            ended = true;
            relay.guestErred(e);
        }
    }

    private boolean guestClosed() {
        if (!closed) {
            closed = true;
            relay.guestClosed(meter.close().get());
        }
        saidBye = relay.hasCallerClosed() || bye.isPresent();
        return saidBye;
    }

    /** Whether there was something, if only the end. */
    private boolean read() {
        read.clear();
        int bytes;
        try {
            bytes = guest.read(read);
        } catch (IOException reset) {
            end(WebSocketRelay.CERTAINTY_OF_DEATH);
            return true;
        } finally {
            read.flip();
        }
        if (bytes < 0) {
            end(WebSocketRelay.CERTAINTY);
        }
        return bytes != 0;
    }

    private void end(Duration certainty) {
        ended = true;
        relay.guestEnded(certainty);
    }

    private boolean await() {
        guest.onReadable(this::goOn);
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

    private boolean letCallerGo() {
        relay.letCallerGo();
        return true;
    }

    /** The guest ends its side when it has read its close frame; whether there may be more to discard at once. */
    private boolean discard() {
        read.clear();
        try {
            int bytes = ended ? -1 : guest.read(read);
            if (bytes < 0) {
                relay.finish();
            }
            return bytes > 0 || bytes == 0 && await();
        } catch (IOException reset) {
            relay.finish();
            return false;
        } finally {
            read.clear().flip();
        }
    }
}
