package dev.agentruntime.control;

/** How far the preparation of a version has come. */
sealed interface Progress {

    /** It is being worked on. */
    record Working() implements Progress {}

    /** Sessions can begin on it. */
    record Ready() implements Progress {}

    /** It does not serve. */
    record Failed(String reason) implements Progress {}
}
