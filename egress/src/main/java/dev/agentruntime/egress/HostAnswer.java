package dev.agentruntime.egress;

import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.SessionFacts;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A request of a guest to the host itself, while its body comes. Used on the session's loop only. */
final class HostAnswer {

    /** A workload access token has 16 KiB at the most, and what is asked for with it is small. */
    static final int MOST_BYTES = 64 * 1024;

    private final HttpRequest request;
    private final Plan.Serve plan;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    HostAnswer(HttpRequest request, Plan.Serve plan) {
        this.request = request;
        this.plan = plan;
    }

    /** Its head. */
    HttpRequest request() {
        return request;
    }

    String target() {
        return plan.target();
    }

    /** Has it answered; may block. */
    Answer serve(SessionFacts session) {
        return plan.service().serve(session, new GuestService.Ask(plan.method(), plan.path(), body.toByteArray()));
    }

    /** Takes a piece of the body, which stays its sender's; returns why it cannot be taken. */
    Optional<Refusal> add(HttpContent piece) {
        if (piece.decoderResult().isFailure()) {
            return Optional.of(Refusal.malformed("The request's body is no proper HTTP/1.1."));
        }
        if (body.size() + piece.content().readableBytes() > MOST_BYTES) {
            return Optional.of(Refusal.malformed("The request's body has more than " + MOST_BYTES + " bytes."));
        }
        try {
            piece.content().getBytes(piece.content().readerIndex(), body, piece.content().readableBytes());
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
