package dev.agentruntime.sessions;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Causes;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.store.Claim;
import dev.agentruntime.store.DirectoryUnavailableException;
import dev.agentruntime.store.SessionDirectory;
import java.util.concurrent.CompletableFuture;

/** Finds out whose a session id is before a session of it begins. It never guesses. Does not block. */
final class Owners {

    /**
     * What is known of the owner of an id.
     *
     * @param tenant the owner's, as far as the caller's token tells
     * @param origin whether the id was ever used before
     */
    record Owned(Subject owner, Tenant tenant, SessionOrigin origin) {}

    private final SessionDirectory directory;
    private final String serverId;

    Owners(SessionDirectory directory, String serverId) {
        this.directory = directory;
        this.serverId = serverId;
    }

    /** For an id the platform has drawn itself, which nobody else can have. */
    Owned remember(SessionKey key, Caller caller) {
        try {
            directory.remember(key.runtime(), key.sessionId(), caller.subject(), serverId);
            return new Owned(caller.subject(), caller.tenant(), SessionOrigin.NEW);
        } catch (DirectoryUnavailableException e) {
            throw unknown(key, e);
        }
    }

    /** Completes with RequestException when the id is another's, or when that cannot be found out now. */
    CompletableFuture<Owned> claim(SessionKey key, Caller caller) {
        return directory.claim(key.runtime(), key.sessionId(), caller.subject(), serverId).handle((claim, failure) -> {
            if (failure == null) {
                return owned(key, claim, caller);
            }
            Throwable cause = Causes.bare(failure);
            throw cause instanceof RequestException refused ? refused : unknown(key, cause);
        });
    }

    /** An owner for whom an admin begins is alone: the admin's token does not name the owner's tenant. */
    private static Owned owned(SessionKey key, Claim claim, Caller caller) {
        checkMayUse(key, claim.owner(), caller);
        return new Owned(claim.owner(), caller.subject().equals(claim.owner()) ? caller.tenant() : claim.owner().alone(),
                claim.first() ? SessionOrigin.NEW : SessionOrigin.RENEWED);
    }

    private static RequestException unknown(SessionKey key, Throwable cause) {
        return new RequestException(Kind.RETRYABLE_CONFLICT, PlainText.of("It cannot be found out at this moment whose session "
                + key.sessionId() + " is, so it does not begin: " + cause.getMessage() + " Ask again in a moment."), cause);
    }

    static void checkMayUse(SessionKey key, Subject owner, Caller caller) {
        if (!caller.mayUse(owner)) {
            throw new RequestException(Kind.FORBIDDEN, "Session " + key.sessionId() + " belongs to someone else.");
        }
    }
}
