package dev.agentruntime.accounting;

import dev.agentruntime.api.Subject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Optional;

/**
 * Which invocations are asked for: in the order in which they began.
 *
 * @param runtime of one agent
 * @param session of one session's id
 * @param subject of one caller's sessions
 * @param from    the first day, in UTC
 * @param to      the last day
 * @param after   those that come after this one
 * @param most    so many at most
 */
record InvocationPage(Optional<String> runtime, Optional<String> session, Optional<Subject> subject, LocalDate from, LocalDate to, Optional<Mark> after,
        int most) {

    /** The place of one invocation among all. */
    record Mark(Instant began, String requestId) {

        static Mark of(InvocationRow row) {
            return new Mark(row.use().began(), row.use().requestId());
        }

        /** As callers get it and give it back. */
        String token() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString((began + " " + requestId).getBytes(StandardCharsets.UTF_8));
        }

        /** Empty where that is none. */
        static Optional<Mark> of(String token) {
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(" ", -1);
                return parts.length == 2 && parts[1].matches("[0-9a-f-]{36}") ? Optional.of(new Mark(Instant.parse(parts[0]), parts[1])) : Optional.empty();
            } catch (IllegalArgumentException | DateTimeException notOne) {
                return Optional.empty();
            }
        }
    }
}
