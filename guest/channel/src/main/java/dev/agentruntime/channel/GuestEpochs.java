package dev.agentruntime.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The guest's side of the protocol over time: waits for a hello, answers it, runs an epoch until the host is gone or its
 * bytes make no sense, and waits again. It does no I/O. One thread feeds it, another takes its output.
 */
final class GuestEpochs {

    private final Limits limits;
    private final Executor callbacks;
    private final Consumer<MuxStream> onAccept;
    private final Runnable onOutput;
    private final Hello.Scan scan = new Hello.Scan();
    private volatile Engine engine;

    GuestEpochs(Limits limits, Executor callbacks, Consumer<MuxStream> onAccept, Runnable onOutput) {
        this.limits = limits;
        this.callbacks = callbacks;
        this.onAccept = onAccept;
        this.onOutput = onOutput;
        this.engine = epoch(ByteBuffer.allocate(0));
        this.engine.end("no host has said hello");
    }

    /** Takes all of {@code in}. */
    void receive(ByteBuffer in) {
        while (in.hasRemaining()) {
            if (!engine.isUp()) {
                listen(in);
            } else {
                try {
                    engine.receive(in);
                } catch (ProtocolViolation violation) {
                    // A host that has come back begins with a hello, which no frame can be: look for it from this frame on.
                    ByteBuffer frame = engine.unread();
                    engine.leave(violation.getMessage(), Yamux.PROTOCOL_ERROR);
                    listen(frame);
                }
            }
        }
    }

    /**
     * The port has no host on its other end, or does not work. That may be late news of the host before: one that is there
     * learns that its streams are gone.
     */
    void disconnected(String reason) {
        engine.leave(reason, Yamux.INTERNAL_ERROR);
        scan.reset();
    }

    boolean isUp() {
        return engine.isUp();
    }

    /** Opens a stream to the host. */
    MuxStream open(String target) throws IOException {
        return engine.open(target);
    }

    /** Replaces the content of {@code out} by what is to be sent; tells whether there is anything. */
    boolean transmit(ByteBuffer out) {
        return engine.transmit(out);
    }

    private void listen(ByteBuffer in) {
        if (scan.found(in)) {
            engine = epoch(Hello.encode(scan.nonce()));
            engine.start();
        }
    }

    private Engine epoch(ByteBuffer preamble) {
        return new Engine(Role.GUEST, limits, preamble, callbacks, onAccept, onOutput);
    }
}
