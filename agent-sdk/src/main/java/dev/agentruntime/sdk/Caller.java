package dev.agentruntime.sdk;

import java.util.Objects;

/**
 * Who called the agent.
 *
 * @param issuer  who vouches for the caller: the token's {@code iss}
 * @param subject who the caller is to that issuer: the token's {@code sub}
 */
public record Caller(String issuer, String subject) {
    public Caller {
        Objects.requireNonNull(issuer, "issuer");
        Objects.requireNonNull(subject, "subject");
    }
}
