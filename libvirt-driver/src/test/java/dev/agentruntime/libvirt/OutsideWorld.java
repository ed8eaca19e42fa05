package dev.agentruntime.libvirt;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.GuestStreams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What the VM tests let an agent reach: {@code outbound/echo} sends back what comes; {@code outbound/source} sends as many bytes as
 * the first line says; anything else is answered as an HTTP server would, with the target and the request's first line.
 */
final class OutsideWorld implements GuestStreams {

    final Queue<String> targets = new ConcurrentLinkedQueue<>();

    @Override
    public void opened(Target target, GuestStream stream) {
        targets.add(target.name());
        new Conversation(target.name(), stream).run();
    }

    private static final class Conversation implements Runnable {
        private final String target;
        private final GuestStream stream;
        private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
        private final StringBuilder head = new StringBuilder();
        private ByteBuffer out = ByteBuffer.allocate(0);
        private long owed;
        private boolean last;

        Conversation(String target, GuestStream stream) {
            this.target = target;
            this.stream = stream;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    if (!out.hasRemaining() && owed > 0) {
                        out = ByteBuffer.allocate((int) Math.min(owed, 64 * 1024));
                        owed -= out.remaining();
                    }
                    while (out.hasRemaining()) {
                        if (stream.write(out) == 0) {
                            stream.onWritable(this);
                            return;
                        }
                    }
                    if (owed > 0) {
                        continue;
                    }
                    if (last) {
                        stream.shutdownOutput();
                        stream.close();
                        return;
                    }
                    int count = stream.read(in.clear());
                    if (count == 0) {
                        stream.onReadable(this);
                        return;
                    }
                    in.flip();
                    last = count < 0;
                    if (count > 0) {
                        answer();
                    }
                }
            } catch (IOException e) {
                stream.close();
            }
        }

        private void answer() {
            if (target.equals("outbound/echo")) {
                out = ByteBuffer.allocate(in.remaining()).put(in).flip();
                return;
            }
            head.append(StandardCharsets.ISO_8859_1.decode(in));
            if (target.equals("outbound/source") && head.indexOf("\n") > 0) {
                owed = Long.parseLong(head.toString().strip());
                last = true;
            } else if (head.indexOf("\r\n\r\n") > 0) {
                String body = target + " was asked: " + head.toString().lines().findFirst().orElseThrow();
                out = ByteBuffer.wrap(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
                head.setLength(0);
            }
        }
    }
}
