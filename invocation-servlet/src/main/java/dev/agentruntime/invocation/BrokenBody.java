package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.InboundVerdict;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** What callers are told whose bodies do not arrive as their headers say. */
final class BrokenBody {

    private BrokenBody() {}

    /** @param cause what the container has thrown instead of the body */
    static BodyRefusedException refusal(IOException cause) {
        boolean stopped = cause instanceof SocketTimeoutException;
        BodyRefusedException refused = new BodyRefusedException(new InboundVerdict.Refused(
                stopped ? HttpServletResponse.SC_REQUEST_TIMEOUT : HttpServletResponse.SC_BAD_REQUEST, "ValidationException",
                stopped ? "The body stopped coming before its end; send it again" : "The body did not arrive whole, or is not as its headers say; send it again"));
        refused.initCause(cause);
        return refused;
    }
}
