package dev.agentruntime.agentctl;

import dev.agentruntime.client.IdentityClient;
import dev.agentruntime.client.ProviderType;
import jakarta.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "create-oauth2", description = {"Make a credential provider of a client of OAuth2 at a vendor. The server's vault keeps the client's secret.",
    Oauth2ProviderAction.SERVERS})
final class CreateOauth2Provider extends Oauth2ProviderAction {

    @Mixin
    private NewProvider given;

    CreateOauth2Provider(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    GivenProvider given() {
        return given;
    }

    @Override
    void send(IdentityClient identities, JsonObject request) {
        GivenProvider.tell(this, identities.createProvider(ProviderType.OAUTH2, request), "made");
    }
}
