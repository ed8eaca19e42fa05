package dev.agentruntime.identity;

import jakarta.json.Json;
import jakarta.json.JsonObject;

/** A request for an access token as the room gets it, for tests that ask it without HTTP. */
record JsonRequest(String token, String provider, String flow, String... scopes) {

    JsonObject json() {
        return Json.createObjectBuilder().add("workloadIdentityToken", token).add("resourceCredentialProviderName", provider).add("oauth2Flow", flow)
                .add("scopes", Json.createArrayBuilder(java.util.List.of(scopes))).build();
    }
}
