package dev.agentruntime.spi;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Answers each stream that a guest opens with its target and whatever the guest sends. */
public final class EchoingStreams implements GuestStreams {

    @Override
    public void opened(Target target, GuestStream stream) {
        ByteBuffer held = ByteBuffer.allocate(4096);
        held.put((target.name() + ": ").getBytes(StandardCharsets.US_ASCII)).flip();
        pump(stream, held);
    }

    private static void pump(GuestStream stream, ByteBuffer held) {
        try {
            while (true) {
                while (held.hasRemaining()) {
                    if (stream.write(held) == 0) {
                        stream.onWritable(() -> pump(stream, held));
                        return;
                    }
                }
                int count = stream.read(held.clear());
                held.flip();
                if (count == 0) {
                    stream.onReadable(() -> pump(stream, held));
                    return;
                }
                if (count < 0) {
                    stream.shutdownOutput();
                    stream.close();
                    return;
                }
            }
        } catch (IOException e) {
            stream.close();
        }
    }
}
