package dev.agentruntime.store;

import dev.agentruntime.api.Subject;
import java.util.concurrent.CompletableFuture;

/**
 * Who owns each session id, for good and on every server that shares the database. It is asked before a session of an
 * id that a caller chose begins; it never guesses. Thread-safe; no method but {@link #close()} blocks.
 */
public interface SessionDirectory extends AutoCloseable {

    /** The longest issuer and the longest name that can own an id, in characters. */
    int LONGEST_OWNER = 1024;

    /**
     * Makes {@code subject} the owner of an id that has none; of many who ask at once, one. Completes within about two
     * seconds, with {@link DirectoryUnavailableException} when the database did not answer. In that case the claim may
     * hold all the same: the next claim tells.
     *
     * @throws dev.agentruntime.api.RequestException of kind VALIDATION: the issuer or name is longer than
     *         {@link #LONGEST_OWNER} or has control characters; or the id or the agent runtime's name is no valid one
     */
    CompletableFuture<Claim> claim(String runtime, String sessionId, Subject subject, String serverId);

    /**
     * Makes {@code subject} the owner of an id that the platform itself has drawn at random, and that nobody else can
     * have. Written soon, and kept until it could be.
     *
     * @throws dev.agentruntime.api.RequestException as {@link #claim}
     * @throws DirectoryUnavailableException the database has been away for so long that no more can be kept, or the
     *         directory is closed
     */
    void remember(String runtime, String sessionId, Subject subject, String serverId);

    /** Lets time pass: what is remembered and could not be written is tried again. */
    void tick();

    /**
     * Writes what is remembered, and says in the log what could not be written: its ids have no owner any more. Blocks
     * for five seconds at most. Nothing is remembered afterwards.
     */
    @Override
    void close();
}
