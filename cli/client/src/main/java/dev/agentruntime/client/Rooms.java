package dev.agentruntime.client;

/** Rooms that a server has only with a feature of their own. */
final class Rooms {

    private Rooms() {}

    /** @param list asks for a list of the room's, which is empty at least where the room is there, or refused for another reason */
    static boolean isThere(Transport transport, Call list) {
        try {
            transport.json(list);
            return true;
        } catch (RefusedException refused) {
            return refused.kind() != RefusedException.Kind.NOT_FOUND;
        }
    }
}
