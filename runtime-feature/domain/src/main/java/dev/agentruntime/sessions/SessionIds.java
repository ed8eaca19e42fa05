package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException;
import java.util.UUID;
import java.util.regex.Pattern;

/** Session ids as AgentCore allows them. */
public final class SessionIds {

    private static final int SHORTEST = 33;
    private static final int LONGEST = 256;
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9-_]*");

    private SessionIds() {}

    static String generate() {
        return UUID.randomUUID().toString();
    }

    public static String checked(String id) {
        if (id.length() < SHORTEST || id.length() > LONGEST) {
            throw new RequestException(RequestException.Kind.VALIDATION, "The session id has " + id.length()
                    + " characters; it must have " + SHORTEST + " to " + LONGEST + ". Leave it out to get one.");
        }
        if (!FORM.matcher(id).matches()) {
            throw new RequestException(RequestException.Kind.VALIDATION, "The session id may hold letters, digits, '-'"
                    + " and '_' only and must begin with a letter or digit.");
        }
        return id;
    }
}
