package dev.agentruntime.api;

/**
 * A room whose agent runtimes say themselves whom they let in, such as the control plane. Registered as an OSGi service, before any of
 * its agent runtimes serves. Thread-safe; does not block.
 */
public interface RuntimeAuthorizers {

    /**
     * Whom an agent runtime lets in.
     *
     * @param runtime   its name
     * @param qualifier the endpoint that a caller names; empty text for the standard one. One that there is not counts as that too:
     *                  who may not come in learns of no endpoint
     */
    Says of(String runtime, String qualifier);

    /** What a room says of whom an agent runtime lets in. */
    sealed interface Says {

        /** Nothing: it is not this room's, or is opened as any other. */
        record Nothing() implements Says {}

        /** It may be this room's, which has not found its agent runtimes again yet: nobody may come in. */
        record NotYet() implements Says {}

        /** Only holders of these tokens. */
        record Tokens(JwtAuthorizer authorizer) implements Says {}
    }
}
