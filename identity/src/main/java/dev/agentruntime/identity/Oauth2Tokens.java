package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.net.Texts;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.logging.Logger;

/** Gives workloads access tokens of OAuth2 providers. Thread-safe; blocks on the database, on files and on providers. */
final class Oauth2Tokens {

    private static final Logger LOG = Logger.getLogger(Oauth2Tokens.class.getName());
    private static final String TOKEN = "accessToken";
    private static final String SESSION = "sessionUri";
    private static final String WHAT = "access token";

    private final WorkloadTokens tokens;
    private final Access access;
    private final MachineTokens machine;
    private final ExchangedTokens exchanged;
    private final Grants grants;
    private final Consents consents;

    Oauth2Tokens(WorkloadTokens tokens, Access access, MachineTokens machine, ExchangedTokens exchanged, Grants grants, Consents consents) {
        this.tokens = tokens;
        this.access = access;
        this.machine = machine;
        this.exchanged = exchanged;
        this.grants = grants;
        this.consents = consents;
    }

    JsonObject token(JsonObject input) {
        String name = input.getString("resourceCredentialProviderName");
        Asked asked = Asked.of(input);
        String who = Credentials.NOBODY;
        try {
            Acting acting = tokens.read(input.getString("workloadIdentityToken"));
            who = acting.text();
            Provider provider = access.provider(ProviderKind.OAUTH2, name, acting);
            JsonObject answer = answer(acting, provider, asked, input);
            if (answer.containsKey(TOKEN)) {
                IdentityMessage.GIVEN.log(LOG, WHAT, Texts.shown(name), Texts.shown(who));
            }
            return answer;
        } catch (ProviderException refused) {
            IdentityMessage.REFUSED.log(LOG, WHAT, Texts.shown(name), Texts.shown(who), Texts.shown(refused.getMessage()));
            throw refused.toAnswer(name);
        } catch (IdentityException refused) {
            IdentityMessage.REFUSED.log(LOG, WHAT, Texts.shown(name), Texts.shown(who), refused.kind());
            throw refused;
        }
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
