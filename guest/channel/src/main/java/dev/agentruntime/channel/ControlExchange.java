package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** One request and its answer on a control stream, seen from the host. */
public final class ControlExchange {

    private static final int PIECE = 64 * 1024;

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
        return call(link, request, body, timeout, ControlReply.MAX_BODY);
    }

    /** As {@link #call(HostLink, ControlMessage, Duration)}; an answer whose body is longer than {@code mostBody} bytes is refused. */
    public static ControlReply call(HostLink link, ControlMessage request, Duration timeout, int mostBody) throws IOException {
        return call(link, request, InputStream.nullInputStream(), timeout, mostBody);
    }

    private static ControlReply call(HostLink link, ControlMessage request, InputStream body, Duration timeout, int mostBody)
            throws IOException {
        Deadline deadline = Deadline.in(timeout);
        try (MuxStream stream = link.open(Targets.CONTROL)) {
            return converse(stream, request, body, deadline, mostBody);
        } catch (SocketTimeoutException late) {
            String message = "the guest has not answered '" + request.verb() + "' within " + timeout + " over " + link;
            throw (SocketTimeoutException) new SocketTimeoutException(message).initCause(late);
        }
    }

    private static ControlReply converse(MuxStream stream, ControlMessage request, InputStream body, Deadline deadline, int mostBody)
            throws IOException {
        OutputStream out = new StreamOutput(stream, deadline);
        InputStream content = request.body(body);
        byte[] buffer = new byte[PIECE];
        byte[] piece = ControlHead.encode(request);
        int count = piece.length;
        while (count >= 0) {
            try {
                out.write(piece, 0, count);
            } catch (SocketTimeoutException late) {
                throw late;
            } catch (IOException refused) {
                return answerDespite(refused, stream, deadline, mostBody);
            }
            piece = buffer;
            count = content.read(buffer);
        }
        out.close();
        return ControlReply.readFrom(new StreamInput(stream, deadline), mostBody);
    }

    /** A guest that refuses a request may answer without reading its body. */
    private static ControlReply answerDespite(IOException refused, MuxStream stream, Deadline deadline, int mostBody)
            throws IOException {
        try {
            return ControlReply.readFrom(new StreamInput(stream, deadline), mostBody);
        } catch (IOException noAnswer) {
            refused.addSuppressed(noAnswer);
            throw refused;
        }
    }
}
