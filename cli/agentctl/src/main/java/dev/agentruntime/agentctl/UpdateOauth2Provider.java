package dev.agentruntime.agentctl;

import dev.agentruntime.client.IdentityClient;
import dev.agentruntime.client.ProviderType;
import jakarta.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "update-oauth2", description = {"Change a credential provider of OAuth2: say all of the client and its secret anew. Grants that users have given to the same client"
    + " at the same servers stay.", Oauth2ProviderAction.SERVERS})
final class UpdateOauth2Provider extends Oauth2ProviderAction {

    @Mixin
    private ChangedProvider given;

    UpdateOauth2Provider(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    GivenProvider given() {
        return given;
    }

    @Override
    void send(IdentityClient identities, JsonObject request) {
        GivenProvider.tell(this, identities.updateProvider(ProviderType.OAUTH2, request), "changed");
    }
}
