package dev.agentruntime.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent is asked.
 *
 * @param runtime     its name, id or ARN
 * @param session     that it goes on in; empty begins one
 * @param qualifier   the endpoint on which a new session begins; empty is {@code DEFAULT}
 * @param contentType of the body
 * @param header      what is sent besides
 * @param cancel      whether the agent's work is cut off when the answer is closed before its end
 * @param within      until the answer begins, and between one part of it and the next
 */
public record Invocation(String runtime, Optional<String> session, Optional<String> qualifier, Payload body, String contentType,
        Map<String, String> header, boolean cancel, Duration within) {

    /** @throws IllegalArgumentException {@code within} is no time */
    public Invocation {
        if (within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("An answer takes more than " + within);
        }
    }

    /** As long as AgentCore lets an agent work on one request. */
    static final Duration LONGEST = Duration.ofMinutes(15);

    /** JSON, in a session that is begun for it. */
    public static Invocation of(String runtime, Payload body) {
        return new Invocation(runtime, Optional.empty(), Optional.empty(), body, "application/json", Map.of(), false, LONGEST);
    }

    public Invocation in(String id) {
        return new Invocation(runtime, Optional.of(id), qualifier, body, contentType, header, cancel, within);
    }

    public Invocation at(String endpoint) {
        return new Invocation(runtime, session, Optional.of(endpoint), body, contentType, header, cancel, within);
    }

    public Invocation as(String type) {
        return new Invocation(runtime, session, qualifier, body, type, header, cancel, within);
    }

    public Invocation with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(header);
        more.put(name, value);
        return new Invocation(runtime, session, qualifier, body, contentType, more, cancel, within);
    }

    public Invocation cancelledOnClose() {
        return new Invocation(runtime, session, qualifier, body, contentType, header, true, within);
    }

    public Invocation within(Duration time) {
        return new Invocation(runtime, session, qualifier, body, contentType, header, cancel, time);
    }
}
