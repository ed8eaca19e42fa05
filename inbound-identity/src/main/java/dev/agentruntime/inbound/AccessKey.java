package dev.agentruntime.inbound;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.Subject;
import java.util.List;
import java.util.Optional;

/**
 * A key with which requests are signed, and what its owner may do.
 *
 * @param principal    whose it is; keys of one principal own the same sessions
 * @param tenant       whose member the principal is
 * @param operations   patterns of operations, such as InvokeAgentRuntime
 * @param runtimes     patterns of names of agent runtimes
 * @param admin        whether sessions of others are open to it
 * @param mayNameUsers whether it may send the header that names a user
 */
record AccessKey(String id, String secret, String principal, Optional<String> tenant, List<Glob> operations, List<Glob> runtimes,
        boolean admin, boolean mayNameUsers) {

    /** In the place of a token's issuer; no token can have it. */
    static final String ISSUER = "urn:agent-runtime:access-keys";
    static final String USER = "x-amzn-bedrock-agentcore-runtime-user-id";

    Caller caller() {
        Subject subject = new Subject(ISSUER, principal);
        return tenant.map(name -> Caller.of(subject, name, admin)).orElseGet(() -> new Caller(subject, admin)).withRight();
    }

    /** @throws DeniedException it has no right to this */
    void check(InboundRequest request) {
        request.operation().filter(operation -> !matches(operations, operation)).ifPresent(operation -> {
            throw DeniedException.notAllowed(principal + " has no right to " + operation + ": no operations of its <accessKey> match");
        });
        request.runtime().or(request::managed).filter(runtime -> !matches(runtimes, runtime)).ifPresent(runtime -> {
            throw DeniedException.notAllowed(principal + " has no right to the agent runtime " + runtime + ": no runtimes of its <accessKey> match");
        });
        if (request.headers().containsKey(USER) && !mayNameUsers) {
            throw DeniedException.notAllowed(principal + " has no right to name a user: its <accessKey> lacks mayNameUsers=\"true\"");
        }
    }

    private static boolean matches(List<Glob> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(name));
    }

    @Override
    public String toString() {
        return id + " of " + principal + " for " + operations + " of " + runtimes + (admin ? ", admin" : "") + (mayNameUsers ? ", may name users" : "");
    }
}
