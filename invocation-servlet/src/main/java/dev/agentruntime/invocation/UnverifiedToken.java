package dev.agentruntime.invocation;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What a token says of itself, which nobody has verified: good for telling its sender what is wrong with it, and for nothing else. */
final class UnverifiedToken {

    /** Liberty makes a user of these. A name with a line break is none to it, and it then takes the request for one without a token. */
    private static final List<String> NAMES = List.of("iss", "sub", "upn", "preferred_username", "groups");

    private UnverifiedToken() {}

    /** The first claim with a control character in a name; empty where there is none, and where this is no token. */
    static Optional<String> claimThatIsNoName(String authorization) {
        String[] parts = authorization.strip().split("[ .]");
        if (parts.length != 4 || !parts[0].equalsIgnoreCase("Bearer")) {
            return Optional.empty();
        }
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(Base64.getUrlDecoder().decode(parts[2])))) {
            JsonObject claims = reader.readObject();
            return NAMES.stream().filter(name -> isNoName(claims.get(name))).findFirst();
        } catch (RuntimeException | StackOverflowError noToken) {
            // Parsers throw more than JsonException: at numbers that are too large, and some run out of stack at deep nesting.
            return Optional.empty();
        }
    }

    private static boolean isNoName(JsonValue claim) {
        return claim instanceof JsonString text && text.getString().codePoints().anyMatch(Callers::isNoText)
                || claim instanceof JsonArray all && all.stream().anyMatch(UnverifiedToken::isNoName);
    }
}
