package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import jakarta.json.Json;
import jakarta.json.JsonObject;

/** Gives workloads access tokens of OAuth2 providers. Thread-safe; blocks on the database, on files and on providers. */
final class Oauth2Tokens {

    private static final String TOKEN = "accessToken";
    private static final String SESSION = "sessionUri";

    private final WorkloadTokens tokens;
    private final CredentialGate gate;
    private final MachineTokens machine;
    private final ExchangedTokens exchanged;
    private final Grants grants;
    private final Consents consents;

    Oauth2Tokens(WorkloadTokens tokens, CredentialGate gate, MachineTokens machine, ExchangedTokens exchanged, Grants grants, Consents consents) {
        this.tokens = tokens;
        this.gate = gate;
        this.machine = machine;
        this.exchanged = exchanged;
        this.grants = grants;
        this.consents = consents;
    }

    JsonObject token(JsonObject input) {
        return token(tokens.read(input.getString("workloadIdentityToken")), input.getString("resourceCredentialProviderName"), input);
    }

    /** @param input of the operation, but for what is given beside it */
    JsonObject token(Acting acting, String provider, JsonObject input) {
        Asked asked = Asked.of(input);
        return gate.pass(ProviderKind.OAUTH2, provider, acting, found -> answer(acting, found, asked, input), answer -> answer.containsKey(TOKEN));
    }

    private JsonObject answer(Acting acting, Provider provider, Asked asked, JsonObject input) {
        boolean anew = input.getBoolean("forceAuthentication", false);
        return switch (input.getString("oauth2Flow")) {
            case "M2M" -> accessToken(machine.get(acting.workload(), provider, asked, anew));
            case "ON_BEHALF_OF_TOKEN_EXCHANGE" -> accessToken(exchanged.get(forUser(acting), provider, asked, anew));
            default -> consented(forUser(acting), provider, asked, input, anew);
        };
    }

    private static Acting forUser(Acting acting) {
        if (acting.subject().isEmpty()) {
            throw new IdentityException(Kind.DENIED, "The workload access token is for the workload itself, and this flow is for a user. Get one by"
                    + " GetWorkloadAccessTokenForJWT or GetWorkloadAccessTokenForUserId.");
        }
        return acting;
    }

    private JsonObject consented(Acting acting, Provider provider, Asked asked, JsonObject input, boolean anew) {
        if (anew) {
            return consents.begin(acting, provider, asked, input);
        }
        if (input.containsKey(SESSION)) {
            return consents.progress(acting, provider, asked, input.getString(SESSION));
        }
        Slot slot = new Slot(Slot.Kind.GRANT, acting.workload(), acting.issuer(), acting.subject(), provider.name(), asked.place());
        return grants.accessToken(slot, provider).map(Oauth2Tokens::accessToken).orElseGet(() -> consents.begin(acting, provider, asked, input));
    }

    private static JsonObject accessToken(String token) {
        return Json.createObjectBuilder().add(TOKEN, token).build();
    }
}
