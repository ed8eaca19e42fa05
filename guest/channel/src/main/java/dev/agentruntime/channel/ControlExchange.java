package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** One request and its answer on a control stream, seen from the host. */
public final class ControlExchange {

    private ControlExchange() {
    }

    /** As {@link #call(HostLink, ControlMessage, InputStream, Duration)}, without a body. */
    public static ControlReply call(HostLink link, ControlMessage request, Duration timeout) throws IOException {
        return call(link, request, InputStream.nullInputStream(), timeout);
    }

    /**
     * Opens a control stream, sends {@code request} and the {@link ControlMessage#length()} bytes it announces from
     * {@code body}, and waits for the answer. Blocks. The stream is closed in the end; {@code body} stays the caller's.
     *
     * @throws java.net.SocketTimeoutException no complete answer within {@code timeout}
     * @throws IOException the stream was reset, the link is down, or the answer is no message
     */
    public static ControlReply call(HostLink link, ControlMessage request, InputStream body, Duration timeout) throws IOException {
        throw new UnsupportedOperationException();
    }
}
