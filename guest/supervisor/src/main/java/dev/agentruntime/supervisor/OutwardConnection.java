package dev.agentruntime.supervisor;

import dev.agentruntime.channel.MuxStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection of the agent to a door, joined with a stream to the host, byte for byte. Each direction ends by itself and passes
 * its end on; when one breaks, both do. There is no time-out: how long silence may last is for the host to say. For the loop's
 * thread only.
 */
final class OutwardConnection {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** So many pieces in a row, then others have their turn. */
    private static final int MOST_PIECES = 4;
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final SocketLoop loop;
    private final SocketChannel socket;
    private final Door door;
    private final Runnable onEnd;
    private SelectionKey key;
    private MuxStream stream;
    private ByteBuffer toHost = NOTHING;
    private ByteBuffer toAgent = NOTHING;
    private boolean agentEnded;
    private boolean hostEnded;
    private boolean over;
    private Optional<SocketLoop.Alarm> goodbye = Optional.empty();

    /** @param onEnd run once, when it is over */
    OutwardConnection(SocketLoop loop, SocketChannel socket, Door door, Runnable onEnd) {
        this.loop = loop;
        this.socket = socket;
        this.door = door;
        this.onEnd = onEnd;
    }

    Door door() {
        return door;
    }

    /** Bytes go both ways from now on. */
    void join(MuxStream to) {
        stream = to;
        try {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            key = loop.register(socket, SelectionKey.OP_READ, this::ready);
            readHost();
        } catch (IOException e) {
            breakOff();
        }
    }

    private void ready() {
        if (key.isValid() && key.isWritable()) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            readHost();
        }
        if (key.isValid() && key.isReadable()) {
            readAgent();
        }
    }

    /** From the agent to the host, as far as it goes now. */
    private void readAgent() {
        try {
            for (int piece = 0; piece < MOST_PIECES; piece++) {
                if (!toHost.hasRemaining()) {
                    ByteBuffer buffer = loop.buffer();
                    int count = socket.read(buffer);
                    if (count < 0) {
                        agentEnded = true;
                        key.interestOpsAnd(~SelectionKey.OP_READ);
                        stream.shutdownOutput();
                        endWhenBothHave();
                        return;
                    }
                    if (count == 0) {
                        return;
                    }
                    toHost = buffer.flip();
                }
                stream.write(toHost);
                if (toHost.hasRemaining()) {
                    toHost = kept(toHost);
                    key.interestOpsAnd(~SelectionKey.OP_READ);
                    stream.onWritable(this::goOnReadingAgent);
                    return;
                }
                toHost = NOTHING;
            }
        } catch (IOException e) {
            breakOff();
        }
    }

    private void goOnReadingAgent() {
        if (!over) {
            key.interestOpsOr(SelectionKey.OP_READ);
            readAgent();
        }
    }

    /** From the host to the agent, as far as it goes now. */
    private void readHost() {
        if (over) {
            return;
        }
        try {
            for (int piece = 0; piece < MOST_PIECES; piece++) {
                if (!toAgent.hasRemaining()) {
                    ByteBuffer buffer = loop.buffer();
                    int count = stream.read(buffer);
                    if (count < 0) {
                        hostEnded = true;
                        socket.shutdownOutput();
                        endWhenBothHave();
                        return;
                    }
                    if (count == 0) {
                        stream.onReadable(this::readHost);
                        return;
                    }
                    toAgent = buffer.flip();
                }
                socket.write(toAgent);
                if (toAgent.hasRemaining()) {
                    toAgent = kept(toAgent);
                    key.interestOpsOr(SelectionKey.OP_WRITE);
                    return;
                }
                toAgent = NOTHING;
            }
            loop.execute(this::readHost);
        } catch (IOException e) {
            breakOff();
        }
    }

    /** The loop's buffer is only lent. */
    private ByteBuffer kept(ByteBuffer rest) {
        return rest.isDirect() ? ByteBuffer.allocate(rest.remaining()).put(rest).flip() : rest;
    }

    private void endWhenBothHave() throws IOException {
        if (agentEnded && hostEnded) {
            stream.close();
            socket.close();
            end();
        }
    }

    private void breakOff() {
        if (!over) {
            stream.close();
            reset();
        }
    }

    /** Ends it so that the agent sees an error, and no end of what it reads. */
    void reset() {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.close();
        } catch (IOException e) {
            // It has ended already, which was wanted.
        } finally {
            end();
        }
    }

    /** Says something to an agent that was not joined, and ends it. */
    void dismiss(byte[] words) {
        try {
            socket.configureBlocking(false);
            socket.write(ByteBuffer.wrap(words));
            socket.shutdownOutput();
            // A socket that is closed with something unread in it sends a reset, and the words would be lost.
            key = loop.register(socket, SelectionKey.OP_READ, this::listenToTheEnd);
            goodbye = Optional.of(loop.after(GOODBYE, this::leave));
        } catch (IOException e) {
            reset();
        }
    }

    private void listenToTheEnd() {
        try {
            if (socket.read(loop.buffer()) < 0) {
                leave();
            }
        } catch (IOException e) {
            leave();
        }
    }

    private void leave() {
        if (!over) {
            try {
                socket.close();
            } catch (IOException e) {
                // It has ended already, which was wanted.
            } finally {
                end();
            }
        }
    }

    private void end() {
        if (!over) {
            over = true;
            goodbye.ifPresent(loop::forget);
            toHost = NOTHING;
            toAgent = NOTHING;
            onEnd.run();
        }
    }
}
