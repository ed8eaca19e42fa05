package dev.agentruntime.agentctl;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** The token of a login with an identity provider, renewed and kept when it is about to expire. */
final class TokenSource implements Supplier<Optional<String>> {

    private static final Duration BEFORE = Duration.ofSeconds(30);

    private final Logins logins;
    private final URI server;
    private final Provider provider;
    private final Clock clock;
    private StoredLogin.Provider login;

    TokenSource(Logins logins, URI server, StoredLogin.Provider login, Provider provider, Clock clock) {
        this.logins = logins;
        this.server = server;
        this.login = login;
        this.provider = provider;
        this.clock = clock;
    }

    @Override
    public synchronized Optional<String> get() {
        if (expires(login)) {
            login = logins.change(server, this::renewed);
        }
        return Optional.of(login.token());
    }

    /** Another agentctl may have renewed it meanwhile; many providers take a refresh token only once. */
    private StoredLogin.Provider renewed(Optional<StoredLogin> kept) {
        StoredLogin.Provider last = kept.filter(StoredLogin.Provider.class::isInstance).map(StoredLogin.Provider.class::cast).orElse(login);
        return expires(last) ? provider.renewed(last) : last;
    }

    private boolean expires(StoredLogin.Provider given) {
        return !clock.instant().plus(BEFORE).isBefore(given.expiresAt());
    }
}
