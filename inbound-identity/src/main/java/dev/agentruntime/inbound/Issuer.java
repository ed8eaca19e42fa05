package dev.agentruntime.inbound;

import dev.agentruntime.net.RefusedAddressException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;

/**
 * An issuer of tokens and its keys, which are asked for when they are needed: again when they are old, and once in a while when a token
 * names one that is not among them. One caller asks; others go on with the keys that are known, and wait only where there are none that
 * count, and not many of them. Thread-safe.
 */
final class Issuer {

    /** For which keys are used though the issuer cannot be asked any more. */
    private static final Duration OUTAGE = Duration.ofHours(1);
    private static final int MOST_KEYS = 100;
    private static final int MOST_WAITING = 8;
    private static final Logger LOG = Logger.getLogger(Issuer.class.getName());

    /** Gets one document of the issuer's. */
    interface Documents {
        String get(URI uri) throws IOException;
    }

    private final URI discovery;
    private final Documents documents;
    private final Supplier<InboundSettings> settings;
    private final Clock clock;
    private final Semaphore waiting;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Optional<IssuerKeys> known = Optional.empty();
    private volatile Optional<Instant> asked = Optional.empty();
    private volatile String failure = "";

    /** @param waiting one for each thread that may wait for keys, of this issuer and of others */
    Issuer(URI discovery, Documents documents, Supplier<InboundSettings> settings, Clock clock, Semaphore waiting) {
        this.discovery = discovery;
        this.documents = documents;
        this.waiting = waiting;
        this.settings = settings;
        this.clock = clock;
    }

    /** @throws DeniedException they cannot be had */
    IssuerKeys keys() {
        Instant now = clock.instant();
        if (known.filter(keys -> keys.read().plus(settings.get().keysFor()).isAfter(now)).isEmpty()) {
            askUnlessSomebodyDoes(now);
        }
        return usable(now);
    }

    private IssuerKeys usable(Instant now) {
        return known.filter(keys -> areUsable(keys, now)).orElseThrow(
                () -> DeniedException.cannotTell("The keys of this agent runtime's issuer cannot be had: " + failure + ". Try again later"));
    }

    private boolean areUsable(IssuerKeys keys, Instant now) {
        return keys.read().plus(settings.get().keysFor()).plus(OUTAGE).isAfter(now);
    }

    /** The keys after one more look, if it is not too soon for one; those that are known otherwise. */
    IssuerKeys keysAgain() {
        Instant now = clock.instant();
        askUnlessSomebodyDoes(now);
        return usable(now);
    }

    private void askUnlessSomebodyDoes(Instant now) {
        if (known.filter(keys -> areUsable(keys, now)).isPresent()) {
            if (asking.tryLock()) {
                askAndUnlock();
            }
            return;
        }
        // Whoever waits holds a thread of the server, and needs no credentials for it.
        if (asking.getQueueLength() >= MOST_WAITING || !waiting.tryAcquire()) {
            throw DeniedException.cannotTell("The keys of this agent runtime's issuer are being fetched, and many wait for them. Try again later");
        }
        try {
            asking.lock();
            askAndUnlock();
        } finally {
            waiting.release();
        }
    }

    private void askAndUnlock() {
        try {
            Instant now = clock.instant();
            if (mayAsk(now)) {
                ask(now);
                asked = Optional.of(clock.instant()); // those who waited meanwhile go with what came of it
            }
        } finally {
            asking.unlock();
        }
    }

    private boolean mayAsk(Instant now) {
        return asked.filter(last -> last.plus(settings.get().keysAgain()).isAfter(now)).isEmpty();
    }

    private void ask(Instant now) {
        try {
            Map<String, Object> description = JsonUtil.parseJson(documents.get(discovery));
            if (!(description.get("issuer") instanceof String issuer) || !(description.get("jwks_uri") instanceof String where)) {
                throw new IOException(discovery + " has no issuer or no jwks_uri");
            }
            if (issuer.equals(AccessKey.ISSUER)) {
                throw new IOException(discovery + " says that it is " + issuer + ", which owners of access keys are of");
            }
            List<PublicJsonWebKey> keys = new JsonWebKeySet(documents.get(URI.create(where))).getJsonWebKeys().stream()
                    .filter(PublicJsonWebKey.class::isInstance).map(PublicJsonWebKey.class::cast).limit(MOST_KEYS).toList();
            if (keys.isEmpty()) {
                throw new IOException(where + " has no key that can be used");
            }
            known = Optional.of(new IssuerKeys(issuer, keys, now));
        } catch (RefusedAddressException e) {
            failed(e.getMessage(), e.withAddress());
        } catch (IOException e) {
            failed(e.getMessage(), e.getMessage());
        } catch (JoseException | RuntimeException | StackOverflowError e) {
            // The parser throws what casts and numbers throw where JSON is not what it ought to be, and some run out of stack.
            String why = "what it says of itself is no JSON that can be used";
            failed(why, why);
        }
    }

    private void failed(String forCallers, String forTheLog) {
        failure = forCallers;
        InboundMessage.ISSUER_AWAY.log(LOG, discovery, forTheLog);
    }
}
