package dev.agentruntime.supervisor;

import dev.agentruntime.channel.GuestLink;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The guest's end of the link over which it opens streams to the host. The host makes it when the guest asks, and not before a
 * session has begun. For the loop's thread only; nothing blocks.
 */
final class SecondLink {

    /** What becomes of a wish: the link is there, or may come when asked for again; or the host does not want it. */
    enum Answer { GRANTED, REFUSED }

    /** Opens the first link's streams. */
    interface First {
        MuxStream open(String target) throws IOException;
    }

    /** Opens the second port, once. */
    interface Port {
        GuestLink serve() throws IOException;
    }

    private final First first;
    private final Port port;
    private Optional<GuestLink> link = Optional.empty();

    SecondLink(First first, Port port) {
        this.first = first;
        this.port = port;
    }

    /** Whether a host is there. */
    boolean isUp() {
        return link.filter(GuestLink::isUp).isPresent();
    }

    /** @throws IOException no host is there, or there is no further stream */
    MuxStream open(String target) throws IOException {
        return link.orElseThrow(() -> new IOException("the second link was not asked for yet")).open(target);
    }

    /**
     * Asks the host for the link.
     *
     * @param answered called once, on whatever thread; perhaps before this returns
     */
    void ask(Consumer<Answer> answered) {
        try {
            if (link.isEmpty()) {
                link = Optional.of(port.serve());
            }
            link.get().expectHost();
            MuxStream wish = first.open(Targets.WAY_OUT);
            wish.shutdownOutput();
            await(wish, answered);
        } catch (IOException | GuestException e) {
            answered.accept(Answer.REFUSED);
        }
    }

    private static void await(MuxStream wish, Consumer<Answer> answered) {
        try {
            int count = wish.read(ByteBuffer.allocate(1));
            if (count == 0) {
                wish.onReadable(() -> await(wish, answered));
            } else {
                wish.close();
                answered.accept(Answer.GRANTED);
            }
        } catch (IOException e) {
            answered.accept(Answer.REFUSED);
        }
    }

    void close() {
        link.ifPresent(GuestLink::close);
    }
}
