package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import java.util.Optional;

/** A provider gave no token. The message is a clause that says why, without anything secret. */
final class ProviderException extends RuntimeException {

    /** The provider's word, as RFC 6749 has them; empty where it cannot be reached or understood. */
    private final transient Optional<String> word;

    ProviderException(Optional<String> word, String message) {
        super(message);
        this.word = word;
    }

    ProviderException(String message, Throwable cause) {
        super(message, cause);
        this.word = Optional.empty();
    }

    /** Whether what the token was wanted for is good no more: the code, the refresh token or the assertion. */
    boolean isInvalidGrant() {
        return word.filter("invalid_grant"::equals).isPresent();
    }

    /** Whether the provider has judged the request; otherwise it may be put again. */
    boolean isRefusal() {
        return word.isPresent();
    }

    /** For whoever asked for a credential. */
    IdentityException toAnswer(String provider) {
        return isRefusal()
                ? new IdentityException(Kind.DENIED, "The credential provider " + provider + " refuses: " + getMessage() + ".", this)
                : new IdentityException(Kind.INTERNAL, "The credential provider " + provider + " gives no token: " + getMessage() + ". Ask again in a moment.", this);
    }
}
