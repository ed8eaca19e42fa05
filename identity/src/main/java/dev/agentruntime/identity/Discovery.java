package dev.agentruntime.identity;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out where providers are asked, as they say themselves or were made with. Thread-safe; blocks while a provider tells. */
final class Discovery {

    private static final Duration FRESH = Duration.ofMinutes(10);
    private static final int MOST = CredentialProviders.MOST;
    /** Its metadata for all tenants have a pattern in the place of the issuer. */
    private static final String OF_TENANTS = "MicrosoftOauth2";

    private record Known(Endpoints endpoints, Instant at) {}

    private final ProviderWire wire;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    Discovery(ProviderWire wire, Clock clock) {
        this.wire = wire;
        this.clock = clock;
    }

    /** @throws ProviderException the provider does not tell, or what it tells cannot be used */
    Endpoints of(Provider provider) {
        JsonObject discovery = provider.settings().getJsonObject("oauthDiscovery");
        if (discovery.get("authorizationServerMetadata") instanceof JsonObject metadata) {
            return new Endpoints(metadata.getString("issuer"), Optional.of(URI.create(metadata.getString("authorizationEndpoint"))),
                    URI.create(metadata.getString("tokenEndpoint")));
        }
        String url = discovery.getString("discoveryUrl");
        String key = provider.home() + " " + provider.vendor() + " " + url; // who named it decides which addresses it may have
        Optional<Known> before = Optional.ofNullable(known.get(key));
        Instant now = clock.instant();
        if (before.filter(one -> now.isBefore(one.at().plus(FRESH))).isPresent()) {
            return before.get().endpoints();
        }
        try {
            Endpoints told = told(provider, url);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(key, new Known(told, now));
            return told;
        } catch (IOException away) {
            return before.map(Known::endpoints).orElseThrow(() -> new ProviderException(away.getMessage(), away));
        }
    }

    private Endpoints told(Provider provider, String url) throws IOException {
        String document = wire.get(provider, URI.create(url));
        try {
            AuthorizationServerMetadata metadata = AuthorizationServerMetadata.parse(document);
            String issuer = metadata.getIssuer().getValue();
            String own = url.substring(0, url.indexOf("/.well-known/"));
            if (!provider.vendor().equals(OF_TENANTS) && !issuer.replaceFirst("/$", "").equals(own)) {
                throw new ProviderException(Optional.empty(), url + " is of another issuer, as it says");
            }
            if (metadata.getTokenEndpointURI() == null) {
                throw new ProviderException(Optional.empty(), url + " names no token_endpoint");
            }
            return new Endpoints(issuer, Optional.ofNullable(metadata.getAuthorizationEndpointURI()), metadata.getTokenEndpointURI());
        } catch (ParseException | RuntimeException e) {
            if (e instanceof ProviderException known) {
                throw known;
            }
            throw new ProviderException(url + " has no metadata that can be read", e);
        }
    }
}
