package dev.agentruntime.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where a browser may be sent back to, with an answer that is its application's. */
final class ReturnUrl {

    private static final Set<String> OWN_HOST = Set.of("localhost", "127.0.0.1", "[::1]");

    private ReturnUrl() {}

    /**
     * What is wrong with one, as a sentence goes on after its name; empty when nothing is. One is a page over https, or over http on the browser's
     * own host: other schemes run what they carry, open files, or start programs.
     */
    static Optional<String> problem(String url) {
        try {
            URI uri = new URI(url);
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            String host = Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT);
            if (uri.getRawFragment() != null) {
                return Optional.of("must have no fragment");
            }
            if (uri.getRawUserInfo() != null) {
                return Optional.of("must have no user and no password in it");
            }
            boolean page = scheme.equals("https") && !host.isEmpty() || scheme.equals("http") && OWN_HOST.contains(host);
            return page ? Optional.empty() : Optional.of("must be https://HOST/..., or http://localhost/...");
        } catch (URISyntaxException e) {
            return Optional.of("is no URL");
        }
    }
}
