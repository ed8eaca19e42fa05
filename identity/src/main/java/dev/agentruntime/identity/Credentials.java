package dev.agentruntime.identity;

import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import dev.agentruntime.net.Texts;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.logging.Logger;

/** Gives workloads tokens that say for whom they act, and credentials for these. Thread-safe; blocks on the database and on files. */
final class Credentials {

    private static final Logger LOG = Logger.getLogger(Credentials.class.getName());
    /** Of a token that is not taken nothing is believed. */
    static final String NOBODY = "(none: the token is not taken)";

    private final Workloads workloads;
    private final WorkloadTokens tokens;
    private final Access access;
    private final ProviderSecrets secrets;
    private final UserTokens users;

    Credentials(Workloads workloads, WorkloadTokens tokens, Access access, ProviderSecrets secrets, UserTokens users) {
        this.workloads = workloads;
        this.tokens = tokens;
        this.access = access;
        this.secrets = secrets;
        this.users = users;
    }

    JsonObject ofWorkload(Request request, JsonObject input) {
        return token(input, "", "");
    }

    /** The user's token is kept, for what is done on their behalf. */
    JsonObject ofJwt(Request request, JsonObject input) {
        Subject user = Users.ofToken(request, input.getString("userToken"), "userToken");
        JsonObject made = token(input, user.issuer(), user.name());
        users.keep(input.getString("workloadName"), user.issuer(), user.name(), input.getString("userToken"));
        return made;
    }

    JsonObject ofUserId(Request request, JsonObject input) {
        return token(input, Acting.NAMED, input.getString("userId"));
    }

    private JsonObject token(JsonObject input, String issuer, String subject) {
        WorkloadRow workload = workloads.kept(input.getString("workloadName"));
        return Json.createObjectBuilder().add("workloadAccessToken", tokens.made(workload, issuer, subject)).build();
    }

    JsonObject apiKey(Request request, JsonObject input) {
        Acting acting = tokens.read(input.getString("workloadIdentityToken"));
        return Json.createObjectBuilder().add("apiKey", apiKey(acting, input.getString("resourceCredentialProviderName"))).build();
    }

    /** Records that somebody was refused a credential for the token that was shown. */
    static void notTaken(JsonObject input, IdentityException refused) {
        IdentityMessage.REFUSED.log(LOG, "credential", Texts.shown(input.getString("resourceCredentialProviderName", "")), NOBODY, refused.kind());
    }

    /** @throws IdentityException there is none for this workload */
    String apiKey(Acting acting, String name) {
        String who = Texts.shown(acting.text());
        try {
            String key = secrets.read(access.provider(ProviderKind.API_KEY, name, acting));
            IdentityMessage.GIVEN.log(LOG, "API key", Texts.shown(name), who);
            return key;
        } catch (IdentityException refused) {
            IdentityMessage.REFUSED.log(LOG, "API key", Texts.shown(name), who, refused.kind());
            throw refused;
        }
    }
}
