package dev.agentruntime.control;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name under which an agent runtime is called.
 *
 * @param live        the version that answers; empty until one was ready
 * @param target      the version that is to answer
 * @param description empty text where it has none
 * @param failure     why its last change failed; empty text otherwise
 */
record EndpointRow(String runtime, String name, Status status, String failure, String description, Optional<Integer> live,
        int target, Instant createdAt, Instant updatedAt) {

    /** The endpoint that every runtime has and that follows its latest version. */
    static final String DEFAULT = "DEFAULT";

    static EndpointRow begun(String runtime, String name, String description, int target, Instant now) {
        return new EndpointRow(runtime, name, Status.CREATING, "", description, Optional.empty(), target, now, now);
    }

    boolean isDefault() {
        return name.equals(DEFAULT);
    }

    /** Is to lead to {@code version} from now on, or as soon as that is ready. */
    EndpointRow towards(int version, String described, Instant now) {
        return new EndpointRow(runtime, name, live.isPresent() ? Status.UPDATING : Status.CREATING, "", described, live, version,
                createdAt, now);
    }

    EndpointRow arrived(Instant now) {
        return new EndpointRow(runtime, name, Status.READY, "", description, Optional.of(target), target, createdAt, now);
    }

    EndpointRow failed(String why, Instant now) {
        return new EndpointRow(runtime, name, status.failed(), why, description, live, target, createdAt, now);
    }

    EndpointRow deleting(Instant now) {
        return new EndpointRow(runtime, name, Status.DELETING, "", description, live, target, createdAt, now);
    }

    /** Why its last change failed, for whoever may not see the log of the guest in which it did. */
    String failureWithoutLog() {
        return failure.split(Pattern.quote(PlatformHosting.LOG), 2)[0];
    }

    /** Whether it leads to {@code version}, or is to. */
    boolean needs(int version) {
        return target == version || live.filter(number -> number == version).isPresent();
    }
}
