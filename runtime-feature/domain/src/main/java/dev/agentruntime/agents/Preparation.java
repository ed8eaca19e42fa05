package dev.agentruntime.agents;

import java.time.Instant;
import java.util.List;

/** Where the making ready of an agent's newest version stands. */
sealed interface Preparation {

    /** It is being worked on; {@code step} says what is done. */
    record Running(String step) implements Preparation {}

    /** It serves. */
    record Done() implements Preparation {}

    /** The WAR is at fault, and a changed one is tried by itself. */
    record WarFailed(String reason, List<String> log) implements Preparation {}

    /** The platform is at fault; it is tried again at {@code again}, and when that fails after {@code next}. */
    record PlatformFailed(String reason, Instant again, Backoff next) implements Preparation {}

    default String reason() {
        if (this instanceof Running running) {
            return running.step();
        }
        if (this instanceof WarFailed failed) {
            return failed.reason();
        }
        return this instanceof PlatformFailed failed ? failed.reason() : "";
    }

    default List<String> log() {
        return this instanceof WarFailed failed ? failed.log() : List.of();
    }
}
