package dev.agentruntime.memory;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import dev.agentruntime.memory.MemoryException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Whose memory a caller may read and write: an administrator everybody's, anybody else that of the actor who is its own subject. A subject
 * that cannot be an actor's id, such as a mail address, has one that is made of it, which no other subject has.
 */
final class OwnActor {

    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_/-]*(?::[a-zA-Z0-9_/-]+)*[a-zA-Z0-9_/-]*");
    private static final String ENCODED = "sub:";
    private static final String DIGEST = "sub256:";
    /** Characters that an actor's id has at most. */
    static final int LONGEST = 255;

    private OwnActor() {}

    /** The id of the actor who {@code subject} is. */
    static String of(Subject subject) {
        String name = subject.name();
        boolean isMade = name.startsWith(ENCODED) || name.startsWith(DIGEST);
        if (!isMade && name.length() <= LONGEST && ID.matcher(name).matches()) {
            return name;
        }
        String encoded = ENCODED + Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
        return encoded.length() <= LONGEST && encoded.length() > ENCODED.length() ? encoded : DIGEST + Ids.digest(name);
    }

    /**
     * {@code actor}, where {@code caller} may read and write what is its.
     *
     * @throws MemoryException it may not
     */
    static String permitted(Caller caller, String actor) {
        if (!caller.admin() && !actor.equals(of(caller.subject()))) {
            throw new MemoryException(Kind.DENIED, "This is not yours: you may read and write what the actor " + of(caller.subject()) + " has, who is you. Others need the role of an administrator.");
        }
        return actor;
    }
}
