package dev.agentruntime.benchmarks;

import java.io.IOException;

/** Something that goes wrong beside the sessions under watch. For one thread. */
interface Mishap {

    /** What goes wrong, in a few words. */
    String name();

    /** Why it cannot be brought about on this host; empty when it can. */
    default String obstacle() {
        return "";
    }

    /** XML for inside {@code <server>} that it needs from the server's start on. */
    default String settings() {
        return "";
    }

    /** Prepares without harm, before the calm phase. Blocks. */
    default void prepare(Lab lab) throws IOException {}

    /** From here on it is wrong. Does not wait for its end. */
    void begin(Lab lab) throws IOException;

    /** Mends it, also when {@link #begin} failed. Blocks. */
    void end(Lab lab) throws IOException;

    /** Lets go of what {@link #settings} made, once the server has been stopped. */
    default void close() throws IOException {}
}
