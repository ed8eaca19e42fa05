package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.Credentials;
import dev.agentruntime.client.Trust;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * The server that is meant, and by what it knows who asks.
 *
 * @param address with {@code /agents} at its end, and no slash behind it
 */
record Server(Surroundings surroundings, URI address, Optional<SSLContext> trust) {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    static Server of(Surroundings surroundings, Optional<String> option, Optional<Path> trustOption) {
        Settings settings = Settings.of(new Folders(surroundings).settings());
        String named = option.or(() -> surroundings.variable("AGENTCTL_SERVER")).or(settings::server).orElseThrow(() -> new Problem(ExitCode.USAGE,
                "Which server? Say --server https://HOST:PORT/agents, set AGENTCTL_SERVER, or log in with 'agentctl login'."));
        Optional<SSLContext> trust = trustOption.map(surroundings::resolve).or(() -> surroundings.variable("AGENTCTL_TRUST").map(Path::of))
                .or(settings::trust).map(Server::trusted);
        return new Server(surroundings, plain(named), trust);
    }

    private static SSLContext trusted(Path file) {
        try {
            return Trust.of(file);
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, e.getMessage(), e);
        }
    }

    /** One server has one address here, so that its login is found again. */
    private static URI plain(String named) {
        try {
            return AgentRuntimeClient.address(named);
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, named + " is no address of a server. It is as https://HOST:PORT/agents.", e);
        }
    }

    AgentRuntimeClient client() {
        return client(credentials());
    }

    AgentRuntimeClient client(Credentials credentials) {
        AgentRuntimeClient.Builder builder = AgentRuntimeClient.at(address).credentials(credentials).userAgent("agentctl/" + Version.own());
        trust.ifPresent(builder::trust);
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, e.getMessage(), e);
        }
    }

    /** The environment's token before what was stored by a login. */
    Credentials credentials() {
        Optional<String> token = surroundings.variable("AGENTCTL_TOKEN").map(String::strip);
        if (token.isPresent()) {
            return Credentials.token(() -> Optional.of(checked(token.get())));
        }
        return login().map(this::credentials).orElseGet(Credentials::none);
    }

    Credentials credentials(StoredLogin login) {
        if (login instanceof StoredLogin.Token token) {
            return Credentials.token(() -> Optional.of(token.token()));
        }
        if (login instanceof StoredLogin.AccessKey key) {
            return Credentials.accessKey(key.id(), key.secret(), key.region());
        }
        return Credentials.token(new TokenSource(logins(), address, (StoredLogin.Provider) login, provider(), surroundings.clock()));
    }

    /** What cannot be in a header is no token. */
    static String checked(String token) {
        if (!token.matches("[\\x21-\\x7e]{1,16384}")) {
            throw new Problem(ExitCode.CREDENTIALS, "The token has characters that no token has, or is empty. Is it the right file or variable?");
        }
        return token;
    }

    Optional<StoredLogin> login() {
        return logins().of(address);
    }

    Logins logins() {
        return new Logins(new Folders(surroundings).credentials());
    }

    Provider provider() {
        return provider(time -> Thread.sleep(time.toMillis()));
    }

    Provider provider(Provider.Pause pause) {
        HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(CONNECT).version(HttpClient.Version.HTTP_1_1);
        trust.ifPresent(http::sslContext);
        return new Provider(http.build(), surroundings.clock(), pause, Provider.WITHIN);
    }
}
