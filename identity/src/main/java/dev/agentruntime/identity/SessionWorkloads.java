package dev.agentruntime.identity;

import dev.agentruntime.api.SessionTokens;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The sessions that live, each with the workload identity that its agent acts as, and their tokens. Thread-safe. */
final class SessionWorkloads implements SessionRoom, SessionTokens {

    private static final Logger LOG = Logger.getLogger(SessionWorkloads.class.getName());

    private final Workloads workloads;
    private final WorkloadTokens tokens;
    private final Supplier<Optional<Duration>> lifetime;
    private final Clock clock;
    private final Map<Key, Live> live = new ConcurrentHashMap<>();
    private volatile boolean told;

    /** What makes a session another than one that had its id before. */
    private record Key(String runtime, String sessionId, long createdAt) {

        static Key of(SessionFacts session) {
            return new Key(session.runtime(), session.sessionId(), session.createdAt().toEpochMilli());
        }
    }

    /**
     * @param since when its workload identity was made; empty where the database has not said so yet
     * @param own   the token that its owner has come with last. It is here only, and never in the database
     */
    private record Live(SessionFacts session, Optional<Instant> since, Optional<UserToken> own) {

        Live with(Optional<Instant> found, Instant now) {
            return new Live(session, since.or(() -> found), own.filter(token -> token.isGood(now)));
        }

        /** With another token of its owner's, where this is one. */
        Live with(String jwt) {
            return own.filter(known -> known.jwt().equals(jwt)).isPresent() ? this : new Live(session, since, UserToken.of(jwt, session.owner()).or(() -> own));
        }
    }

    /** @param lifetime of tokens; empty where they are good as long as their sessions live */
    SessionWorkloads(Workloads workloads, WorkloadTokens tokens, Supplier<Optional<Duration>> lifetime, Clock clock) {
        this.workloads = workloads;
        this.tokens = tokens;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public SessionPart join(SessionFacts session) {
        live.put(Key.of(session), new Live(session, since(session), Optional.empty()));
        return new SessionPart() {
            @Override
            public boolean takesStreams() {
                return false;
            }

            @Override
            public void close() {
                live.remove(Key.of(session));
            }
        };
    }

    /** Looks for those that could not be found before, and forgets tokens of users that have expired. Blocks on the database. */
    void tick() {
        Instant now = clock.instant();
        live.forEach((key, one) -> {
            if (one.since().isEmpty() || one.own().filter(token -> !token.isGood(now)).isPresent()) {
                Optional<Instant> since = one.since().or(() -> since(one.session()));
                live.computeIfPresent(key, (same, then) -> then.with(since, now));
            }
        });
    }

    /** No session fails to begin because the database of identities does not answer. */
    private Optional<Instant> since(SessionFacts session) {
        try {
            return Optional.of(workloads.kept(session.runtime()).createdAt());
        } catch (IdentityException notNow) {
            LOG.log(Level.FINE, notNow, () -> "The workload identity " + session.runtime() + " is looked for again.");
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> token(SessionView session, Subject caller, Optional<String> own) {
        Key key = new Key(session.runtime(), session.sessionId(), session.createdAt().toEpochMilli());
        try {
            Optional<String> made = acting(key).filter(acting -> caller.equals(new Subject(acting.issuer(), acting.subject()))).map(tokens::made);
            made.flatMap(forTheOwner -> own).ifPresent(jwt -> live.computeIfPresent(key, (same, one) -> one.with(jwt)));
            told = told && made.isEmpty();
            return made;
        } catch (IdentityException noKey) {
            if (!told) { // once, and not with each invocation
                told = true;
                IdentityMessage.NO_TOKENS.log(LOG, noKey.getMessage());
            }
            return Optional.empty();
        }
    }

    /** As whom the agent of a session acts; empty where the session does not live, or its workload identity is not known yet. Does not block. */
    Optional<Acting> of(SessionFacts session) {
        return acting(Key.of(session));
    }

    /**
     * The token that the owner of a session has come with last, for who acts in that session on their behalf; empty where it has expired, or
     * the session has ended. Does not block.
     */
    Optional<String> own(Acting acting) {
        return acting.session().map(session -> live.get(new Key(acting.workload(), session.id(), session.createdAt().toEpochMilli())))
                .filter(one -> acting.isOf(one.session())).flatMap(Live::own).filter(token -> token.isGood(clock.instant())).map(UserToken::jwt);
    }

    private Optional<Acting> acting(Key key) {
        return Optional.ofNullable(live.get(key)).flatMap(one -> one.since()
                .map(since -> Acting.in(one.session(), since, lifetime.get().map(time -> clock.instant().plus(time)))));
    }
}
