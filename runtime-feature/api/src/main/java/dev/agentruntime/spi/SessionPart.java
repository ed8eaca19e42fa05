package dev.agentruntime.spi;

import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.Target;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a room does for one session. Its environment and outbounds are read once, before the guest begins, and not of a guest that has
 * begun; its streams come from
 * then on, also from a second VM where the first did not live. Thread-safe.
 */
public interface SessionPart extends GuestStreams, AutoCloseable {

    /** Whom to tell of each connection out of the guest that is over; that does not block. Called once, before all else. */
    default void onConnection(Consumer<OutboundConnection> told) {}

    /** Whom to tell of each budget that the session, its agent or its owner has nearly used up or reached; that does not block. Called once, before all else. */
    default void onBudget(Consumer<BudgetNews> told) {}

    /** What the agent sees as its environment. Values may be secret. Does not block. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** The names that lead out of the guest. Does not block. */
    default List<OutboundName> outbounds() {
        return List.of();
    }

    /** Whether the guest may open streams for this room at all; a guest that none asks for has no link for them. Does not block. */
    default boolean takesStreams() {
        return true;
    }

    /** Whether streams to {@code target} are for this room. Does not block. */
    default boolean takes(Target target) {
        return false;
    }

    @Override
    default void opened(Target target, GuestStream stream) {
        stream.close();
    }

    /** Whether this room is to be told what each invocation uses, which takes two readings of the meter. Asked as each begins. Does not block. */
    default boolean countsInvocations() {
        return false;
    }

    /** An invocation has ended that was to be counted when it began. Does not block. */
    default void invoked(InvocationUse use) {}

    /** Whether the guest waits for an answer from outside, which does not count as idle. Asked now and then. Does not block. */
    default boolean waits() {
        return false;
    }

    /** The guest has begun the session and can be reached. Does not block. */
    default void begun(SessionGuest guest) {}

    /**
     * The guest has begun the session before this part was there, in an earlier run of the server or before its room came, and can be
     * reached. Instead of {@link #begun}. Does not block for long.
     */
    default void resumed(SessionGuest guest) {
        begun(guest);
    }

    /**
     * The server stops and leaves the session to its next run; the guest can still be reached. Instead of {@link #ending}: called once,
     * before {@link #close()}. Does not block for long.
     */
    default void leaving() {}

    /**
     * The guest goes on in another VM after its session was on the disk; what it was told stays as it is. Streams of the first VM
     * are gone; from now on {@link SessionGuest} reaches the second, and its streams come. Does not block.
     */
    default void moved() {}

    /**
     * The session is over, and its VM still there, running or not, unless it has ended by itself. Called once, before {@link #close()}.
     * Does not block for long.
     *
     * @param why in a sentence
     */
    default void ending(EndCode code, String why) {}

    /** The session has ended: closes its streams. Called once. Does not block for long. */
    @Override
    void close();
}
