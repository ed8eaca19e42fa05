package dev.agentruntime.identity;

import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import dev.agentruntime.identity.IdentityException.Kind;
import dev.agentruntime.requests.InputException;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Who the user is that a request names. */
final class Users {

    private static final String BEARER = "Bearer ";

    private Users() {}

    /**
     * The user of a token. It has to be the one that the request itself is let in with: the front door has verified it, and it says who asks.
     *
     * @throws InputException it is another one
     */
    static Subject ofToken(Request request, String token, String field) {
        byte[] shown = (BEARER + token).getBytes(StandardCharsets.UTF_8);
        byte[] own = request.header().get("authorization").orElse("").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(shown, own)) {
            throw InputException.invalid(field, "must be the token that the request itself is sent with, as Authorization: Bearer TOKEN");
        }
        return request.caller().subject();
    }

    /** The user of a token, or one whom an administrator names. */
    static Subject named(Request request, JsonObject identifier) {
        if (identifier.containsKey("userToken")) {
            return ofToken(request, identifier.getString("userToken"), "userIdentifier.userToken");
        }
        if (!request.caller().admin()) {
            throw new IdentityException(Kind.DENIED, "A user is named by an application that is an administrator. Others send the user's token, as userToken and as"
                    + " Authorization: Bearer TOKEN.");
        }
        return new Subject(Acting.NAMED, identifier.getString("userId"));
    }
}
