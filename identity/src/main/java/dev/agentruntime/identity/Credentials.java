package dev.agentruntime.identity;

import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import jakarta.json.Json;
import jakarta.json.JsonObject;

/** Gives workloads tokens that say for whom they act, and credentials for these. Thread-safe; blocks on the database and on files. */
final class Credentials {

    private final Workloads workloads;
    private final WorkloadTokens tokens;
    private final CredentialGate gate;
    private final ProviderSecrets secrets;
    private final UserTokens users;

    Credentials(Workloads workloads, WorkloadTokens tokens, CredentialGate gate, ProviderSecrets secrets, UserTokens users) {
        this.workloads = workloads;
        this.tokens = tokens;
        this.gate = gate;
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

    /** @throws IdentityException there is none for this workload */
    String apiKey(Acting acting, String name) {
        return gate.pass(ProviderKind.API_KEY, name, acting, secrets::read, key -> true);
    }
}
