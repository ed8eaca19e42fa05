package dev.agentruntime.identity;

import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.net.Texts;
import dev.agentruntime.requests.InputException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.logging.Logger;

/** Gives workloads tokens that say for whom they act, and credentials for these. Thread-safe; blocks on the database and on files. */
final class Credentials {

    private static final Logger LOG = Logger.getLogger(Credentials.class.getName());
    private static final String BEARER = "Bearer ";
    /** Of a token that is not taken nothing is believed. */
    private static final String NOBODY = "(none: the token is not taken)";

    private final Workloads workloads;
    private final WorkloadTokens tokens;
    private final CredentialProviders apiKeys;
    private final ProviderSecrets secrets;

    Credentials(Workloads workloads, WorkloadTokens tokens, CredentialProviders apiKeys, ProviderSecrets secrets) {
        this.workloads = workloads;
        this.tokens = tokens;
        this.apiKeys = apiKeys;
        this.secrets = secrets;
    }

    JsonObject ofWorkload(Request request, JsonObject input) {
        return token(input, "", "");
    }

    /** The token is the one that the request itself is let in with: the front door has verified it, and it says who asks. */
    JsonObject ofJwt(Request request, JsonObject input) {
        byte[] shown = (BEARER + input.getString("userToken")).getBytes(StandardCharsets.UTF_8);
        byte[] own = request.header().get("authorization").orElse("").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(shown, own)) {
            throw InputException.invalid("userToken", "must be the token that the request itself is sent with, as Authorization: Bearer TOKEN");
        }
        return token(input, request.caller().subject().issuer(), request.caller().subject().name());
    }

    JsonObject ofUserId(Request request, JsonObject input) {
        return token(input, Acting.NAMED, input.getString("userId"));
    }

    private JsonObject token(JsonObject input, String issuer, String subject) {
        String workload = workloads.named(input.getString("workloadName")).name();
        return Json.createObjectBuilder().add("workloadAccessToken", tokens.made(workload, issuer, subject)).build();
    }

    JsonObject apiKey(Request request, JsonObject input) {
        String name = input.getString("resourceCredentialProviderName");
        String who = NOBODY;
        try {
            Acting acting = tokens.read(input.getString("workloadIdentityToken"));
            who = acting.text();
            workloads.named(acting.workload());
            Provider provider = apiKeys.named(name);
            if (!provider.isOpenTo(acting.workload())) {
                throw new IdentityException(Kind.DENIED, "The credential provider " + name + " is not for the workload identity " + acting.workload()
                        + ". Its allowedWorkloads or workloads have to name it.");
            }
            JsonObject answer = Json.createObjectBuilder().add("apiKey", secrets.read(provider)).build();
            IdentityMessage.GIVEN.log(LOG, "API key", Texts.shown(name), Texts.shown(who));
            return answer;
        } catch (IdentityException refused) {
            IdentityMessage.REFUSED.log(LOG, "API key", Texts.shown(name), Texts.shown(who), refused.kind());
            throw refused;
        }
    }
}
