package dev.agentruntime.channel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Collects an answer as it arrives, on the link's executor and without blocking it. */
final class PendingReply {

    private static final int PIECE = 4 * 1024;

    private final MuxStream stream;
    private final int mostBody;
    private final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    private final CompletableFuture<ControlReply> reply = new CompletableFuture<>();

    private PendingReply(MuxStream stream, int mostBody) {
        this.stream = stream;
        this.mostBody = mostBody;
    }

    /** Sends {@code request}, whose head has to fit into the stream's window, and takes an answer of at most {@code mostBody} bytes. */
    static CompletionStage<ControlReply> to(ControlMessage request, MuxStream stream, int mostBody) throws IOException {
        PendingReply pending = new PendingReply(stream, mostBody);
        stream.write(ByteBuffer.wrap(ControlHead.encode(request)));
        stream.shutdownOutput();
        stream.onReadable(pending::collect);
        return pending.reply.minimalCompletionStage();
    }

    private void collect() {
        try {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            int count = stream.read(piece);
            while (count > 0) {
                arrived.write(piece.array(), 0, count);
                if (arrived.size() > ControlHead.LONGEST + mostBody) {
                    throw new IOException("a control answer is longer than " + mostBody + " bytes and its head");
                }
                count = stream.read(piece.clear());
            }
            if (count < 0) {
                reply.complete(ControlReply.readFrom(new ByteArrayInputStream(arrived.toByteArray()), mostBody));
                stream.close();
            } else {
                stream.onReadable(this::collect);
            }
        } catch (IOException failure) {
            stream.close();
            reply.completeExceptionally(failure);
        }
    }
}
