package dev.agentruntime.identity;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import dev.agentruntime.net.Cidr;
import dev.agentruntime.net.Fetch;
import dev.agentruntime.net.Host;
import dev.agentruntime.net.Permit;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;

/**
 * The way to providers: limited in time and size, without redirects, and to the addresses only that a provider may have. Thread-safe;
 * blocks.
 */
final class ProviderWire implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Set<String> SENT = Set.of("authorization", "content-type");
    private static final List<String> NAMED = List.of("authorizationEndpoint", "tokenEndpoint");

    private final Fetch fetch;
    private final Supplier<List<Cidr>> addresses;

    /**
     * @param addresses that providers may have besides public ones
     * @param patience  for one answer
     */
    ProviderWire(Supplier<List<Cidr>> addresses, Duration patience) {
        this.fetch = new Fetch("agent-runtime-providers", patience, (SSLSocketFactory) SSLSocketFactory.getDefault(), "providerAddresses of <agentRuntimeIdentity>");
        this.addresses = addresses;
    }

    String get(Provider provider, URI uri) throws IOException {
        return fetch.get(uri, permit(provider, uri));
    }

    /** Sends a request of the library's by this way. */
    HTTPResponse send(Provider provider, HTTPRequest request) throws IOException {
        return request.send(asked -> {
            Map<String, String> headers = new HashMap<>();
            asked.getHeaderMap().forEach((name, values) -> {
                if (SENT.contains(name.toLowerCase(Locale.ROOT))) {
                    headers.put(name, values.get(0));
                }
            });
            Fetch.Answer answer = fetch.ask(new Fetch.Question(asked.getMethod().name(), asked.getURI(), headers, asked.getBody()), permit(provider, asked.getURI()));
            return response(answer);
        });
    }

    private static HTTPResponse response(Fetch.Answer answer) throws IOException {
        HTTPResponse response = new HTTPResponse(answer.status());
        try {
            if (answer.type().isPresent()) {
                response.setContentType(answer.type().get());
            }
        } catch (ParseException e) {
            throw new IOException("its answer has no media type that can be read", e);
        }
        response.setBody(answer.body());
        return response;
    }

    /** A host that server.xml names may be one of the company's own; others have to be public, or named among the addresses. */
    private Permit permit(Provider provider, URI uri) throws IOException {
        try {
            boolean named = provider.home() == Provider.Home.SERVER_XML && hosts(provider).anyMatch(host -> host.equalsIgnoreCase(uri.getHost()));
            return named ? Permit.configured(Host.parse(uri.getHost()), addresses.get()) : Permit.publicAnd(addresses.get());
        } catch (IllegalArgumentException e) {
            throw new IOException(uri + " has no host that can be used", e);
        }
    }

    private static Stream<String> hosts(Provider provider) {
        JsonObject discovery = provider.settings().getJsonObject("oauthDiscovery");
        Stream<String> metadata = discovery.get("authorizationServerMetadata") instanceof JsonObject all ? NAMED.stream().map(all::getString) : Stream.of();
        Stream<String> url = discovery.get("discoveryUrl") instanceof JsonString text ? Stream.of(text.getString()) : Stream.of();
        return Stream.concat(metadata, url).map(URI::create).map(URI::getHost);
    }

    @Override
    public void close() {
        fetch.close();
    }
}
