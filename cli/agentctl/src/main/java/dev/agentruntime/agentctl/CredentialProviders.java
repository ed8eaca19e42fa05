package dev.agentruntime.agentctl;

import dev.agentruntime.client.IdentityClient;
import dev.agentruntime.client.ProviderInfo;
import dev.agentruntime.client.ProviderType;
import dev.agentruntime.client.RefusedException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "providers", synopsisSubcommandLabel = "COMMAND",
        subcommands = {CredentialProviders.Listing.class, CredentialProviders.Show.class, CreateApiKeyProvider.class, CreateOauth2Provider.class,
            UpdateApiKeyProvider.class, UpdateOauth2Provider.class, CredentialProviders.Delete.class, HelpCommand.class},
        description = "Credential providers: API keys, and clients of OAuth2, for what agents call. No command shows a secret.")
final class CredentialProviders {

    private CredentialProviders() {}

    /** As the server says it, with the type that it says by the operation. */
    static JsonObject json(ProviderInfo provider) {
        return Json.createObjectBuilder(provider.json()).add("type", provider.type().word()).build();
    }

    /** Which one is meant. */
    static final class Meant {

        @Parameters(paramLabel = "NAME", description = "The credential provider.")
        private String name;

        @Option(names = "--type", paramLabel = "TYPE", description = "api-key or oauth2, where there is one of each by this name.")
        private Optional<String> type = Optional.empty();

        ProviderInfo provider(IdentityClient identities, ServerAction action) {
            if (type.isPresent()) {
                return identities.provider(type(type.get(), action), name);
            }
            Optional<ProviderInfo> key = find(identities, ProviderType.API_KEY);
            Optional<ProviderInfo> client = find(identities, ProviderType.OAUTH2);
            if (key.isPresent() && client.isPresent()) {
                throw action.usage("There is a credential provider " + Text.plain(name) + " for an API key, and one for OAuth2. Say --type api-key or --type oauth2.");
            }
            return key.or(() -> client).orElseThrow(() -> new Problem(ExitCode.NOT_FOUND,
                    "There is no credential provider " + Text.plain(name) + ". 'agentctl identity providers list' shows which there are."));
        }

        private static ProviderType type(String word, ServerAction action) {
            for (ProviderType type : ProviderType.values()) {
                if (type.word().equals(word)) {
                    return type;
                }
            }
            throw action.usage("--type is api-key or oauth2, and not " + Text.plain(word));
        }

        /** A server without the feature has neither a provider nor a list of them. */
        private Optional<ProviderInfo> find(IdentityClient identities, ProviderType type) {
            try {
                return Optional.of(identities.provider(type, name));
            } catch (RefusedException refused) {
                if (refused.kind() == RefusedException.Kind.NOT_FOUND && identities.isThere()) {
                    return Optional.empty();
                }
                throw refused;
            }
        }
    }

    @Command(name = "list", description = "Show all credential providers.")
    static final class Listing extends IdentityAction {

        Listing(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) {
            List<ProviderInfo> all = new ArrayList<>(identities.providers(ProviderType.API_KEY));
            all.addAll(identities.providers(ProviderType.OAUTH2));
            return list(all, CredentialProviders::json, new Table("PROVIDER", "TYPE", "VENDOR", "CHANGED"),
                    (table, provider) -> table.row(provider.name(), provider.type().word(), provider.vendor(), provider.updatedAt().map(Instant::toString).orElse("")));
        }
    }

    @Command(name = "show", description = "Show a credential provider, without its secret.")
    static final class Show extends IdentityAction {

        @Mixin
        private Meant meant;

        Show(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) {
            ProviderInfo provider = meant.provider(identities, this);
            if (json()) {
                print(CredentialProviders.json(provider));
                return ExitCode.OK;
            }
            new Facts().add("provider", provider.name()).add("type", provider.type().word()).add("vendor", provider.vendor())
                    .add("client", provider.settings().getString("clientId", "")).add("servers", servers(provider.settings()))
                    .add("callback URL", provider.callbackUrl()).add("secret", secret(provider))
                    .add("for", provider.workloads().isEmpty() ? "all workload identities" : String.join(", ", provider.workloads()))
                    .add("made", provider.createdAt()).add("changed", provider.updatedAt()).print(out());
            return ExitCode.OK;
        }

        private static String servers(JsonObject settings) {
            JsonObject discovery = settings.get("oauthDiscovery") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
            JsonObject metadata = discovery.get("authorizationServerMetadata") instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
            return discovery.getString("discoveryUrl", metadata.getString("issuer", ""));
        }

        private static String secret(ProviderInfo provider) {
            if (provider.readOnly()) {
                return "of server.xml, where the provider is changed";
            }
            return provider.secretSource().equals("EXTERNAL") ? "in a file of the server" : "in the vault";
        }
    }

    @Command(name = "delete", description = "Delete a credential provider, with its secret and the grants that users have given for it.")
    static final class Delete extends IdentityAction {

        @Mixin
        private Meant meant;

        @Mixin
        private Agreement agreement;

        Delete(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) throws IOException {
            ProviderInfo provider = meant.provider(identities, this);
            if (provider.readOnly()) {
                throw new Problem(ExitCode.CONFLICT, "The credential provider " + provider.name() + " is in server.xml, and is changed there.");
            }
            agreement.seek(surroundings(), json(), "Delete the credential provider " + provider.name() + " with its secret and all grants for it?", provider.name());
            identities.deleteProvider(provider.type(), provider.name());
            if (json()) {
                print(Json.createObjectBuilder().add("name", provider.name()).add("type", provider.type().word()).add("deleted", true).build());
            } else {
                out().println("The credential provider " + Text.plain(provider.name()) + " is deleted");
            }
            return ExitCode.OK;
        }
    }
}
