package dev.agentruntime.console;

/** Knows whose password it is. */
@FunctionalInterface
interface Door {

    /** What became of an attempt. */
    sealed interface Outcome {

        /** Somebody who may come in. */
        record In(Person person) implements Outcome {}

        /** The password is right, and they have none of the roles. */
        record NoRole() implements Outcome {}

        /** It is not the password of anybody of that name. */
        record Wrong() implements Outcome {}
    }

    Outcome enter(String user, String password);
}
