package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Carries a caller's frames to its guest: no more is read of the caller than the guest takes. Holds no thread. Thread-safe. */
final class CallerFrames implements CallerBytes.Receiver {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final GuestStream guest;
    private final Executor executor;
    private final WebSocketRelay relay;
    private final Turns turns = new Turns(this::carry);
    private final FrameMeter meter = FrameMeter.ofClient();
    private final ByteBuffer toGuest = ByteBuffer.allocate(BUFFER_BYTES);
    private volatile CallerBytes caller = receiver -> { };
    private volatile ByteBuffer arrived = ByteBuffer.allocate(0);
    private volatile Optional<WebSocketClose> bye = Optional.empty();
    private volatile Optional<WebSocketClose> closed = Optional.empty();
    private volatile long carried;
    private boolean asked;
    private boolean over;

    /** @param relay told what becomes of it */
    CallerFrames(GuestStream guest, Executor executor, WebSocketRelay relay) {
        this.guest = guest;
        this.executor = executor;
        this.relay = relay;
    }

    /** Begins. Called once. */
    void begin(CallerBytes bytes) {
        caller = bytes;
        turns.take();
    }

    /** Sends the guest a close frame when the frame that is under way has passed, and nothing after it. Called once. */
    void close(WebSocketClose said) {
        bye = Optional.of(said);
        executor.execute(turns::take);
    }

    /** The close frame that the guest was sent of the caller's. */
    Optional<WebSocketClose> closed() {
        return closed;
    }

    /** How many bytes the guest has taken. */
    long carried() {
        return carried;
    }

    /** Reads on although nothing is carried any more, to learn of the caller's end. */
    void awaitEnd() {
        ask();
    }

    @Override
    public void arrived(ByteBuffer bytes) {
        boolean counts = !relay.hasLetCallerGo();
        if (counts) {
            arrived = bytes; // before anybody may ask for more, which would take its place
        }
        synchronized (this) {
            asked = false;
        }
        if (counts) {
            turns.take();
        } else {
            ask(); // closing before the caller's end would reset what it has not read yet
        }
    }

    @Override
    public void left(IOException cause) {
        relay.callerLeft();
    }

    private synchronized void ask() {
        if (!asked) {
            asked = true;
            caller.next(this);
        }
    }

    private void carry() {
        try {
            while (!over && step()) {
                // As far as it goes.
            }
        } catch (FrameException e) {
            over = true;
            relay.callerErred(e);
        } catch (IOException guestGone) {
            over = true; // reading from it tells why
        } catch (RuntimeException e) {
            over = true;
            relay.broken(e);
        }
    }

    /** Whether there may be more to carry at once. */
    private boolean step() throws IOException, FrameException {
        meter.pass(arrived, toGuest, bye.isEmpty());
        if (!sent()) {
            guest.onWritable(() -> executor.execute(turns::take));
            return false;
        }
        if (meter.close().isPresent()) {
            over = true;
            closed = meter.close();
            relay.callerClosed(closed.get());
        } else if (bye.isPresent()) {
            over = true;
            sayBye();
        } else if (!arrived.hasRemaining()) {
            ask();
            return false;
        }
        return true;
    }

    /** Not within a frame whose rest was not carried. */
    private void sayBye() throws IOException {
        if (meter.isBetweenFrames()) {
            toGuest.put(bye.get().maskedFrame());
        }
        sent();
        guest.shutdownOutput();
    }

    /** Whether all was sent that may be. */
    private boolean sent() throws IOException {
        toGuest.flip();
        int before = toGuest.remaining();
        while (toGuest.hasRemaining() && guest.write(toGuest) > 0) {
            // As much as the guest takes.
        }
        carried += before - toGuest.remaining();
        toGuest.compact();
        return toGuest.position() == 0;
    }
}
