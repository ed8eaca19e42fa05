package dev.agentruntime.inbound;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Encoded;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code <accessKey>}. One that cannot be used is left out and told. */
final class AccessKeyReader {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{8,128}");
    private static final int SHORTEST_SECRET = 16;
    private static final Pattern LIST = Pattern.compile("[,\\s]+");

    private AccessKeyReader() {}

    static Optional<AccessKey> read(Attributes element) {
        String id = element.text("accessKeyId", "");
        try {
            if (!ID.matcher(id).matches()) {
                throw new IllegalArgumentException("accessKeyId must be 8 to 128 letters, digits and underscores");
            }
            String secret = element.secret("secret").map(AccessKeyReader::decoded).orElse("");
            if (secret.length() < SHORTEST_SECRET) {
                throw new IllegalArgumentException("secret must have " + SHORTEST_SECRET + " characters or more");
            }
            String principal = Names.checked("principal", element.text("principal", id));
            Optional<String> tenant = Optional.of(element.text("tenant", "")).filter(text -> !text.isEmpty()).map(text -> Names.checked("tenant", text));
            List<Glob> operations = patterns(element, "operations");
            List<String> unknown = Rights.unknown(operations);
            AccessKey key = new AccessKey(id, secret, principal, tenant, operations, patterns(element, "runtimes"),
                    isTrue(element, "admin"), isTrue(element, "mayNameUsers"));
            if (!unknown.isEmpty()) {
                element.problem("The element <accessKey accessKeyId=\"" + id + "\"> has in operations what is none, and gives no right: "
                        + String.join(", ", unknown) + ". There are " + String.join(", ", Rights.OPERATIONS) + ".");
            }
            return Optional.of(key);
        } catch (IllegalArgumentException e) {
            element.problem("The element <accessKey accessKeyId=\"" + id + "\"> cannot be used: " + e.getMessage() + ". It is left out.");
            return Optional.empty();
        }
    }

    private static String decoded(String secret) {
        try {
            return Encoded.decoded(secret);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("secret: " + e.getMessage(), e);
        }
    }

    private static List<Glob> patterns(Attributes element, String attribute) {
        List<Glob> patterns = list(element, attribute).stream().map(Glob::new).toList();
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException(attribute + " is empty, so that it could do nothing; name some, or write * for all");
        }
        return patterns;
    }

    private static boolean isTrue(Attributes element, String attribute) {
        return element.oneOf(attribute, "false", List.of("true", "false")).equals("true");
    }

    static List<String> list(Attributes element, String attribute) {
        return Arrays.stream(LIST.split(element.text(attribute, ""))).filter(text -> !text.isEmpty()).toList();
    }
}
