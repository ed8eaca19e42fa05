package dev.agentruntime.agentctl;

import dev.agentruntime.client.IdentityClient;
import dev.agentruntime.client.ProviderType;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "update-api-key", description = "Give a credential provider another API key.")
final class UpdateApiKeyProvider extends IdentityAction {

    @Mixin
    private ChangedProvider given;

    UpdateApiKeyProvider(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run(IdentityClient identities) throws IOException {
        JsonObjectBuilder request = given.request();
        String key = given.secret(surroundings(), "API key of " + Text.plain(given.name()));
        GivenProvider.tell(this, identities.updateProvider(ProviderType.API_KEY, request.add("apiKey", key).build()), "changed");
        return ExitCode.OK;
    }
}
