package dev.agentruntime.channel;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** A stream that the guest has opened, until it has named its target. Runs on the link's executor and never blocks. */
final class IncomingStream {

    private static final Logger LOG = System.getLogger(IncomingStream.class.getName());

    private final MuxStream stream;
    private final BiConsumer<String, MuxStream> handler;
    private final TargetLine.Assembly line = new TargetLine.Assembly();

    IncomingStream(MuxStream stream, BiConsumer<String, MuxStream> handler) {
        this.stream = stream;
        this.handler = handler;
    }

    /** Reads what has arrived of the line, and nothing behind it. */
    void read() {
        try {
            ByteBuffer one = ByteBuffer.allocate(1);
            int count = stream.read(one);
            while (count != 0) {
                if (line.takes(count < 0 ? -1 : one.get(0) & 0xff)) {
                    handler.accept(line.target(), stream);
                    return;
                }
                count = stream.read(one.clear());
            }
            stream.onReadable(this::read);
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.DEBUG, "a stream that the guest has opened was refused", failure);
            stream.close();
        }
    }
}
