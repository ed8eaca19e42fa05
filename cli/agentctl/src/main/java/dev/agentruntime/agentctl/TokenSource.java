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
        if (!clock.instant().plus(BEFORE).isBefore(login.expiresAt())) {
            login = provider.renewed(login);
            logins.put(server, login);
        }
        return Optional.of(login.token());
    }
}
