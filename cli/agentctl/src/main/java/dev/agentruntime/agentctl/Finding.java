package dev.agentruntime.agentctl;

/**
 * What was looked at, and how it was found.
 *
 * @param what   in some words
 * @param found  a sentence
 * @param remedy what to do; empty where all is well
 */
record Finding(Level level, String what, String found, String remedy) {

    /** How bad it is. */
    enum Level {
        OK, REMARK, WRONG
    }

    static Finding ok(String what, String found) {
        return new Finding(Level.OK, what, found, "");
    }

    static Finding remark(String what, String found, String remedy) {
        return new Finding(Level.REMARK, what, found, remedy);
    }

    static Finding wrong(String what, String found, String remedy) {
        return new Finding(Level.WRONG, what, found, remedy);
    }
}
