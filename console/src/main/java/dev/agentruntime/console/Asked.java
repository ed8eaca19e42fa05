package dev.agentruntime.console;

import java.util.Optional;

/**
 * A request for a page, or to do something.
 *
 * @param method  GET, HEAD or POST; another is refused
 * @param path    below the console's root, from its slash on, decoded
 * @param query   of its address
 * @param form    that it brings along
 * @param visit   the id of a visit that the browser has
 * @param site    where the browser says that it comes from, as {@code Sec-Fetch-Site} has it; empty where it says nothing
 * @param root    the path of the console, without a slash at its end
 * @param address of whoever asks
 * @param link    how it came
 */
record Asked(String method, String path, Fields query, Fields form, Optional<String> visit, Optional<String> site, String root, String address, Link link) {

    /** How a request came. */
    enum Link {
        /** Over TLS. */
        SECURE,
        /** In the clear, from this host itself. */
        LOCAL,
        /** In the clear, over a network. */
        OPEN
    }

    boolean changes() {
        return method.equals("POST");
    }

    /** Whether another site had the browser ask. Browsers that say nothing of it are held to the secret of their forms alone. */
    boolean isFromElsewhere() {
        return site.filter(from -> !from.equals("same-origin")).isPresent();
    }
}
