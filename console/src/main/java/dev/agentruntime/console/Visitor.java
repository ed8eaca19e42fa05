package dev.agentruntime.console;

import java.time.Instant;

/**
 * Somebody who has signed in, in one browser.
 *
 * @param person who it is
 * @param csrf   what each of their forms has to bring along, and no other site knows
 * @param begun  when they signed in
 * @param seen   when they last asked for something
 */
record Visitor(Person person, String csrf, Instant begun, Instant seen) {

    Visitor seenAt(Instant now) {
        return new Visitor(person, csrf, begun, now);
    }
}
