package dev.agentruntime.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Tokens that can be got again without a user, for as long as they are good; those not asked for the longest go first. Thread-safe. */
final class TokenCache {

    static final int MOST = 10_000;
    /** Of those that do not say how long they are good. */
    private static final Duration UNSAID = Duration.ofMinutes(5);

    /**
     * For what a token is. One of another user, of a provider that was changed since, or for another token of the user's is another one.
     *
     * @param user the owner of the slots of the user; empty text where it is the workload's own
     * @param of   a digest of what it was got for beside; empty text for nothing
     */
    record Key(String workload, String user, String provider, Instant changed, Asked asked, String of) {}

    private final Clock clock;
    private final Flights<Key, Issued> flights = new Flights<>();
    private final Map<Key, Issued> tokens = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Issued> eldest) {
            return size() > MOST;
        }
    });

    TokenCache(Clock clock) {
        this.clock = clock;
    }

    /** One that is good for a while: a known one, or what {@code source} gives, which is asked once for all who wait. */
    Issued get(Key key, Supplier<Issued> source) {
        return fresh(key).orElseGet(() -> flights.fly(key, () -> fresh(key).orElseGet(() -> put(key, source.get()))));
    }

    /** A new one. */
    Issued anew(Key key, Supplier<Issued> source) {
        tokens.remove(key);
        return get(key, source);
    }

    private Optional<Issued> fresh(Key key) {
        return Optional.ofNullable(tokens.get(key)).filter(known -> known.isFresh(clock.instant()));
    }

    private Issued put(Key key, Issued issued) {
        Instant until = issued.until().orElseGet(() -> clock.instant().plus(UNSAID).plus(Issued.MARGIN));
        tokens.put(key, new Issued(issued.accessToken(), Optional.empty(), Optional.of(until)));
        return issued;
    }
}
