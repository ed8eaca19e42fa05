package dev.agentruntime.console;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who has signed in, by the id that their browser brings along. It is kept here and not in the server's HTTP sessions: those belong to whom
 * Liberty takes a request to be of, and the cookies of its single sign-on, which count for all of the server, are not to count for the console.
 * Nothing of it outlives the server. Thread-safe.
 */
final class Visits {

    /** Beyond so many, who was here longest ago has to sign in anew. */
    static final int MOST = 10_000;

    private final Map<String, Visitor> visitors = new LinkedHashMap<>(16, 0.75f, true);
    private final SecureRandom random = new SecureRandom();
    private final Supplier<ConsoleSettings> settings;
    private final Clock clock;

    Visits(Supplier<ConsoleSettings> settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Returns the id that stands for this visit from now on. */
    synchronized String begin(Person person) {
        String id = secret();
        Instant now = clock.instant();
        visitors.put(id, new Visitor(person, secret(), now, now));
        if (visitors.size() > MOST) {
            visitors.remove(visitors.keySet().iterator().next());
        }
        return id;
    }

    /** Whose id this is; empty where it is nobody's any more. */
    synchronized Optional<Visitor> of(String id) {
        Instant now = clock.instant();
        return Optional.ofNullable(visitors.computeIfPresent(id, (same, visitor) -> isOver(visitor, now) ? null : visitor.seenAt(now)));
    }

    private boolean isOver(Visitor visitor, Instant now) {
        return !now.isBefore(visitor.seen().plus(settings.get().idleTimeout())) || !now.isBefore(visitor.begun().plus(settings.get().lifetime()));
    }

    synchronized void end(String id) {
        visitors.remove(id);
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
