package dev.agentruntime.agentctl;

import jakarta.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "login", description = {"Keep for a server by what it knows you: a token, what an identity provider gives, or an access key.",
    "Secrets are read from a file, from the input, or typed unseen; never from the command line. They are kept in a file that only you may read."})
final class Login extends ServerAction {

    @ArgGroup(multiplicity = "1")
    private Kind kind;

    /** One of these. */
    static final class Kind {
        @Option(names = "--token-file", paramLabel = "FILE", description = "A token that is in this file; - reads it from the input.")
        private Optional<Path> tokenFile = Optional.empty();

        @ArgGroup(exclusive = false)
        private ByProvider provider;

        @ArgGroup(exclusive = false)
        private ByKey key;
    }

    /** An identity provider. */
    static final class ByProvider {
        @Option(names = "--issuer", required = true, paramLabel = "URL", description = "The identity provider: you agree in a browser, and its tokens are renewed.")
        private URI issuer;

        @Option(names = "--client-id", required = true, paramLabel = "ID", description = "Agentctl's client there.")
        private String clientId;

        @Option(names = "--scope", paramLabel = "SCOPES", defaultValue = "openid offline_access",
                description = "What is asked for. Default: ${DEFAULT-VALUE}; nothing with --client-credentials.")
        private String scope;

        @Option(names = "--client-credentials", description = "The client itself logs in, by its secret, and no person.")
        private boolean clientCredentials;
    }

    /** An access key. */
    static final class ByKey {
        @Option(names = "--access-key", required = true, paramLabel = "ID", description = "An <accessKey> of the server; requests are signed with its secret.")
        private String id;

        @Option(names = "--region", paramLabel = "REGION", defaultValue = "us-east-1", description = "As <agentRuntimeInbound> has it. Default: ${DEFAULT-VALUE}.")
        private String region;
    }

    @Option(names = "--secret-file", paramLabel = "FILE", description = "The secret is in this file; - reads it from the input. Otherwise it is asked for.")
    private Optional<Path> secretFile = Optional.empty();

    @Option(names = "--no-check", description = "Do not ask the server whether it takes it.")
    private boolean noCheck;

    Login(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() throws IOException {
        Server server = server();
        StoredLogin login = login(server);
        if (!noCheck) {
            // What the server refuses does not take the place of what was kept before.
            server.client(server.credentials(login instanceof StoredLogin.Provider provider ? new StoredLogin.Token(provider.token()) : login)).runtimes();
        }
        server.logins().put(server.address(), login);
        if (surroundings().variable("AGENTCTL_TOKEN").isPresent()) {
            remark("AGENTCTL_TOKEN is set and counts before this login.");
        }
        useFromNowOn(server.address());
        if (json()) {
            print(Json.createObjectBuilder().add("server", server.address().toString()).add("kind", login.json().getString("kind")).build());
        } else {
            out().println("Logged in to " + server.address());
        }
        return ExitCode.OK;
    }

    /** Commands without --server go where the last login went. */
    private void useFromNowOn(URI server) throws IOException {
        Settings settings = Settings.of(new Folders(surroundings()).settings());
        Optional<String> before = settings.server();
        settings.put("server", server.toString());
        if (before.isPresent() && !before.get().equals(server.toString())) {
            remark("Commands go to this server from now on, and to " + before.get() + " with --server.");
        }
    }

    private StoredLogin login(Server server) throws IOException {
        if (kind.tokenFile.isPresent()) {
            return new StoredLogin.Token(Server.checked(new SecretInput(surroundings()).content(kind.tokenFile.get())));
        }
        if (kind.key != null) {
            return new StoredLogin.AccessKey(kind.key.id, secret("Secret of the access key " + kind.key.id), kind.key.region);
        }
        Provider provider = server.provider();
        Provider.Addresses addresses = provider.discover(Provider.safe(kind.provider.issuer.toString()));
        if (kind.provider.clientCredentials) {
            String scope = kind.provider.scope.equals("openid offline_access") ? "" : kind.provider.scope;
            return provider.clientCredentials(addresses.token(), kind.provider.clientId, secret("Secret of the client " + kind.provider.clientId), scope);
        }
        Provider.Asked asked = provider.begin(addresses, kind.provider.clientId, kind.provider.scope);
        surroundings().err().println("Open " + Text.plain(asked.wholeAddress().orElse(asked.address())) + " in a browser and agree; the code there is "
                + Text.plain(asked.userCode()) + ". Waiting for " + Text.time(asked.expiresIn()) + " at most.");
        return provider.await(addresses, kind.provider.clientId, kind.provider.scope, asked);
    }

    private String secret(String what) throws IOException {
        return new SecretInput(surroundings()).secret(secretFile, what);
    }
}
