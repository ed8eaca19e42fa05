package dev.agentruntime.api;

import java.util.Optional;
import java.util.function.Function;

/** Who asks, or why that is not known. */
public sealed interface InboundVerdict {

    /** The server's own tokens decide. */
    record ServersToken() implements InboundVerdict {}

    /**
     * The caller is known.
     *
     * @param body what the request's body must be; whoever reads it has it checked
     */
    record Admitted(Caller caller, BodyCheck body) implements InboundVerdict {}

    /**
     * The signature covers the body and nothing in the head says what the body is: it must be read first.
     *
     * @param mostBytes how much is read at the most; a larger body is refused
     * @param judge     the verdict on the whole body: {@link Admitted} or {@link Refused}
     */
    record BodyFirst(int mostBytes, Function<byte[], InboundVerdict> judge) implements InboundVerdict {}

    /**
     * The caller is not known, or may not do this.
     *
     * @param status    of HTTP
     * @param type      as AWS's clients know it, such as InvalidSignatureException
     * @param challenge for {@code WWW-Authenticate}, where there is one
     */
    record Refused(int status, String type, String message, Optional<String> challenge) implements InboundVerdict {

        /** Without a challenge. */
        public Refused(int status, String type, String message) {
            this(status, type, message, Optional.empty());
        }
    }
}
