package dev.agentruntime.identity;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.net.Cidr;
import dev.agentruntime.net.Texts;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code <agentRuntimeIdentity>} says of OAuth2 providers.
 *
 * @param addresses that providers may have, besides public ones and those of hosts that server.xml names
 * @param publicUrl where browsers reach what is at /agents; empty where nobody has said so
 * @param consentLifetime how long a user may take to consent
 */
record Oauth2Settings(List<Cidr> addresses, Optional<URI> publicUrl, Duration consentLifetime) {

    static final Oauth2Settings STANDARD = new Oauth2Settings(List.of(), Optional.empty(), Duration.ofMinutes(10));

    static Oauth2Settings read(Attributes own) {
        return new Oauth2Settings(addresses(own), publicUrl(own), own.duration("consentLifetime", STANDARD.consentLifetime(), Duration.ofMinutes(1)));
    }

    private static List<Cidr> addresses(Attributes own) {
        try {
            return Texts.list(own.text("providerAddresses", "")).stream().map(Cidr::parse).toList();
        } catch (IllegalArgumentException e) {
            own.problem("providerAddresses cannot be used: " + e.getMessage() + ". Providers of the API must have public addresses until it is corrected.");
            return List.of();
        }
    }

    private static Optional<URI> publicUrl(Attributes own) {
        String text = own.text("publicUrl", "").replaceFirst("/+$", "");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> problem = ReturnUrl.problem(text).or(() -> text.contains("?") ? Optional.of("must have no query") : Optional.empty());
        problem.ifPresent(what -> own.problem("publicUrl " + what + ", and is where browsers reach /agents. Without it no user can be asked for consent."));
        return problem.isPresent() ? Optional.empty() : Optional.of(URI.create(text));
    }

    /** Where a provider sends users back to; empty where nobody has said how browsers reach this server. */
    Optional<URI> callback(String provider) {
        return publicUrl.map(url -> URI.create(url + ConsentCallback.PATH + provider));
    }

    void addTo(Effective effective) {
        effective.add("providerAddresses", addresses.isEmpty() ? "public ones" : addresses.stream().map(Cidr::toString).collect(Collectors.joining(" ")))
                .add("publicUrl", publicUrl.map(URI::toString).orElse("none")).add("consentLifetime", consentLifetime);
    }
}
