package dev.agentruntime.memory;

/** A session of an actor's in a memory. */
record SessionKey(String memory, String actor, String session) {

    /** Names lists of what is in it. */
    String list(String of) {
        return of + " " + memory + " " + actor + " " + session;
    }
}
