package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.SessionTokens;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.jetty.http.HttpFields;

/**
 * Gives an agent, with each invocation, a token that says for whom it acts, while the room that makes them is there.
 *
 * @param room the room; empty while it is not there
 */
record WorkloadTokens(Supplier<Optional<SessionTokens>> room) {

    /** The headers that AgentCore's clients look for: of the two they take the second where they know both. */
    private static final List<String> NAMES = List.of("WorkloadAccessToken", "X-Amz-Bedrock-AgentCore-Identity-WAT");

    static WorkloadTokens inJndi() {
        return new WorkloadTokens(() -> {
            try {
                return Optional.of((SessionTokens) new InitialContext().lookup(SessionTokens.JNDI_NAME));
            } catch (NamingException notThere) {
                return Optional.empty();
            }
        });
    }

    /**
     * Puts a new token for this invocation in the place of whatever a caller has sent as one.
     *
     * @param own the caller's own, for the room and not for the agent; empty where it came with none
     */
    void give(HttpFields.Mutable headers, Invocation found, Caller caller, Optional<String> own) {
        NAMES.forEach(headers::remove);
        room.get().flatMap(tokens -> tokens.token(found.session(), caller.subject(), own))
                .ifPresent(token -> NAMES.forEach(name -> headers.put(name, token)));
    }
}
