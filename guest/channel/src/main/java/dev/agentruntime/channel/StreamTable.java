package dev.agentruntime.channel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The streams of one epoch and the rules about their ids. It also knows how much a correct peer may still send on
 * streams that this side has given up. Not thread-safe.
 */
final class StreamTable {

    private static final long LAST_ID = 0xffff_ffffL;

    private final Role role;
    private final Limits limits;
    private final Map<Integer, StreamState> streams = new HashMap<>();
    private long nextOwnId;
    private long nextPeerId;
    private int opened;
    private int acceptable;
    private int held;
    private long lateCredit;
    private int spare;

    StreamTable(Role role, Limits limits) {
        this.role = role;
        this.limits = limits;
        this.spare = limits.spareWindow();
        this.nextOwnId = role.firstOwnId;
        this.nextPeerId = role.firstPeerId;
        this.acceptable = role == Role.GUEST ? limits.acceptedStreams() : 0;
    }

    /** Reserves the id of a stream that this side opens. */
    int reserve() throws IOException {
        if (opened >= limits.openedStreams()) {
            throw new IOException("no further stream: " + opened + " are open, which is as many as one link carries;"
                    + " close some of them first");
        }
        if (nextOwnId > LAST_ID) {
            throw new IOException("no further stream: the link has used up its stream ids; connect again");
        }
        int id = (int) nextOwnId;
        nextOwnId += 2;
        return id;
    }

    /** From now on a guest may open streams. */
    void openDoor() {
        acceptable = limits.acceptedStreams();
    }

    /**
     * Counts a stream that the guest has opened until the host gives it up: a guest that opens streams and resets them at
     * once would else have the host keep one callback for each.
     */
    void hold(StreamState stream) {
        if (role == Role.HOST) {
            stream.held = true;
            held++;
        }
    }

    void release(StreamState stream) {
        if (stream.held) {
            stream.held = false;
            held--;
        }
    }

    /** Checks the id of a stream that the peer opens; tells whether there is room for it. */
    boolean admit(int id) throws ProtocolViolation {
        long number = Integer.toUnsignedLong(id);
        if (role.isOwn(number)) {
            throw violation("opened a stream with an id of this side", id);
        }
        if (number < nextPeerId) {
            throw violation("opened a stream with an id that was used before", id);
        }
        nextPeerId = number + 2;
        if (Math.max(streams.size() - opened, held) < acceptable) {
            return true;
        }
        lateCredit += limits.window();
        return false;
    }

    void add(StreamState stream) {
        streams.put(stream.id, stream);
        if (role.isOwn(stream.id)) {
            opened++;
        }
    }

    /** Finds the stream of a frame that does not open one; empty when it is over. */
    Optional<StreamState> find(int id) throws ProtocolViolation {
        long number = Integer.toUnsignedLong(id);
        if (number >= (role.isOwn(number) ? nextOwnId : nextPeerId)) {
            throw violation("used a stream that was never opened", id);
        }
        return Optional.ofNullable(streams.get(id));
    }

    /** Forgets a stream; what the peer may have sent meanwhile is still to be expected. */
    void remove(StreamState stream, int stillToCome) {
        if (streams.remove(stream.id, stream)) {
            lateCredit += stillToCome;
            spare += stream.lent;
            stream.lent = 0;
            if (role.isOwn(stream.id)) {
                opened--;
            }
        }
    }

    /** Lets a stream have a larger window, once, while there is some to spare. */
    void lend(StreamState stream) {
        int loan = limits.loan();
        if (stream.lent == 0 && loan <= spare) {
            spare -= loan;
            stream.lent = loan;
            stream.unreported += loan;
        }
    }

    /** Accounts for data on a stream that is over. */
    void late(int id, int length) throws ProtocolViolation {
        if (length > lateCredit) {
            throw violation("sent data on a stream that has ended", id);
        }
        lateCredit -= length;
    }

    boolean isEmpty() {
        return streams.isEmpty();
    }

    List<StreamState> removeAll() {
        List<StreamState> all = new ArrayList<>(streams.values());
        streams.clear();
        opened = 0;
        spare = limits.spareWindow();
        return all;
    }

    ProtocolViolation violation(String breach, int id) {
        return new ProtocolViolation("the " + role.peer + " " + breach + " (stream " + Integer.toUnsignedString(id) + ")");
    }
}
