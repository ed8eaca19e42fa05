package dev.agentruntime.agentctl;

import dev.agentruntime.client.IdentityClient;
import dev.agentruntime.client.ProviderType;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "create-api-key", description = "Make a credential provider of an API key, which the server's vault keeps.")
final class CreateApiKeyProvider extends IdentityAction {

    @Mixin
    private NewProvider given;

    CreateApiKeyProvider(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run(IdentityClient identities) throws IOException {
        String key = given.secret(surroundings(), "API key of " + Text.plain(given.name()));
        GivenProvider.tell(this, identities.createProvider(ProviderType.API_KEY, given.request().add("apiKey", key).build()), "made");
        return ExitCode.OK;
    }
}
