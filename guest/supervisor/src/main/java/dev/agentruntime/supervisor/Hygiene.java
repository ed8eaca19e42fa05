package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.channel.ControlReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** The supervisor's line to the hygiene agent inside Open Liberty. */
final class Hygiene {
    private final Path socket;

    Hygiene(Path socket) {
        this.socket = socket;
    }

    /**
     * Sends one message, waits for the answer and returns its head. Blocks.
     *
     * @throws GuestException the agent answered with an error, or is not there
     */
    ControlMessage call(ControlMessage request) {
        return call(request, new byte[0]);
    }

    /** The same with a body. */
    ControlMessage call(ControlMessage request, byte[] body) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            // Request, then answer: the two streams of one channel are never used at once.
            OutputStream out = Channels.newOutputStream(channel);
            (body.length == 0 ? request : request.withLength(body.length)).writeTo(out);
            out.write(body);
            out.flush();
            InputStream in = Channels.newInputStream(channel);
            ControlMessage head = ControlMessage.readFrom(in);
            ControlReply reply = new ControlReply(head, head.body(in).readAllBytes());
            if (!reply.isOk()) {
                throw new GuestException(reply.message());
            }
            return head;
        } catch (IOException e) {
            throw new GuestException("Open Liberty in the guest did not answer '" + request.verb() + "': " + e.getMessage(), e);
        }
    }
}
