package dev.agentruntime.agentctl;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An identity provider: OpenID Connect discovery, the device flow (RFC 8628), client credentials, and refreshing. */
final class Provider {

    static final Duration WITHIN = Duration.ofSeconds(30);
    private static final int MOST_BYTES = 256 << 10;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    private static final Duration USUAL_LIFE = Duration.ofMinutes(5);

    private final HttpClient http;
    private final Clock clock;
    private final Pause pause;
    private final Duration within;

    /** Lets time pass; tests let none. */
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /** @param within until an answer's head is there, and until the rest of it is */
    Provider(HttpClient http, Clock clock, Pause pause, Duration within) {
        this.http = http;
        this.clock = clock;
        this.pause = pause;
        this.within = within;
    }

    /** @param device empty where the provider has no device flow */
    record Addresses(URI token, Optional<URI> device) {}

    /** What a person is shown, and what is asked with meanwhile. */
    record Asked(String deviceCode, String userCode, String address, Optional<String> wholeAddress, Duration expiresIn, Duration interval) {}

    Addresses discover(URI issuer) {
        JsonObject document = answer(HttpRequest.newBuilder(URI.create(issuer.toString().replaceAll("/+$", "") + "/.well-known/openid-configuration"))
                .GET(), issuer.toString()).json();
        if (text(document, "token_endpoint").isEmpty()) {
            throw new Problem(ExitCode.CREDENTIALS, "The document of the issuer " + issuer + " names no token_endpoint. Is that its address?");
        }
        return new Addresses(safe(document.getString("token_endpoint")),
                Optional.ofNullable(document.getString("device_authorization_endpoint", null)).map(Provider::safe));
    }

    /** Secrets go over TLS, or stay on this machine. */
    static URI safe(String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new Problem(ExitCode.USAGE, address + " is no URL", e);
        }
        boolean local = uri.getHost() != null && (uri.getHost().equals("localhost") || uri.getHost().startsWith("127.") || uri.getHost().equals("[::1]"));
        if (!"https".equals(uri.getScheme()) && !("http".equals(uri.getScheme()) && local)) {
            throw new Problem(ExitCode.USAGE, "The identity provider's address " + address + " must begin with https://, since secrets go there.");
        }
        return uri;
    }

    Asked begin(Addresses provider, String clientId, String scope) {
        URI device = provider.device().orElseThrow(() -> new Problem(ExitCode.CREDENTIALS,
                "The identity provider has no device flow. Use --client-credentials, or --token-file with a token from elsewhere."));
        Reply reply = form(device, Map.of("client_id", clientId, "scope", scope));
        JsonObject json = reply.orRefused("begin the login");
        String address = json.getString("verification_uri", json.getString("verification_url", ""));
        if (text(json, "device_code").isEmpty() || address.isEmpty()) {
            throw new Problem(ExitCode.CREDENTIALS, "The identity provider's answer has no device_code or no verification_uri.");
        }
        return new Asked(json.getString("device_code"), json.getString("user_code", ""), address,
                Optional.ofNullable(json.getString("verification_uri_complete", null)), seconds(json, "expires_in", LONGEST_WAIT), seconds(json, "interval", Duration.ofSeconds(5)));
    }

    /** Waits until the person has agreed. */
    StoredLogin.Provider await(Addresses provider, String clientId, String scope, Asked asked) {
        Instant end = clock.instant().plus(asked.expiresIn().compareTo(LONGEST_WAIT) < 0 ? asked.expiresIn() : LONGEST_WAIT);
        Duration interval = asked.interval();
        while (clock.instant().isBefore(end)) {
            sleep(interval);
            Reply reply = form(provider.token(), Map.of("grant_type", "urn:ietf:params:oauth:grant-type:device_code",
                    "device_code", asked.deviceCode(), "client_id", clientId));
            switch (reply.error()) {
                case "authorization_pending" -> { }
                case "slow_down" -> interval = interval.plusSeconds(5);
                default -> {
                    return login(reply.orRefused("log in"), provider.token(), clientId, Optional.empty(), scope, Optional.empty());
                }
            }
        }
        throw new Problem(ExitCode.CREDENTIALS, "Nobody has agreed in time. Log in again.");
    }

    private void sleep(Duration time) {
        try {
            pause.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ExitCode.INTERRUPTED, "Interrupted before anybody agreed.", e);
        }
    }

    StoredLogin.Provider clientCredentials(URI token, String clientId, String secret, String scope) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", "client_credentials", "client_id", clientId, "client_secret", secret));
        if (!scope.isEmpty()) {
            form.put("scope", scope);
        }
        return login(form(token, form).orRefused("give a token"), token, clientId, Optional.of(secret), scope, Optional.empty());
    }

    /** The next token, by what the last one came with. */
    StoredLogin.Provider renewed(StoredLogin.Provider login) {
        if (login.refresh().isPresent()) {
            Map<String, String> form = new LinkedHashMap<>(Map.of("grant_type", "refresh_token", "refresh_token", login.refresh().get(),
                    "client_id", login.clientId()));
            login.secret().ifPresent(secret -> form.put("client_secret", secret));
            return login(form(login.tokenEndpoint(), form).orRefused("renew the token"), login.tokenEndpoint(), login.clientId(), login.secret(),
                    login.scope(), login.refresh());
        }
        return clientCredentials(login.tokenEndpoint(), login.clientId(), login.secret().orElseThrow(() -> new Problem(ExitCode.CREDENTIALS,
                "The login has expired. Log in again.")), login.scope());
    }

    private StoredLogin.Provider login(JsonObject json, URI token, String clientId, Optional<String> secret, String scope, Optional<String> refresh) {
        if (text(json, "access_token").isEmpty()) {
            throw new Problem(ExitCode.CREDENTIALS, "The identity provider's answer has no access_token.");
        }
        return new StoredLogin.Provider(token, clientId, secret, scope, Server.checked(json.getString("access_token")),
                clock.instant().plus(seconds(json, "expires_in", USUAL_LIFE)), Optional.ofNullable(json.getString("refresh_token", null)).or(() -> refresh));
    }

    private static String text(JsonObject json, String name) {
        return json.getString(name, "");
    }

    private static Duration seconds(JsonObject json, String name, Duration otherwise) {
        return json.get(name) instanceof JsonNumber number && number.longValue() > 0 ? Duration.ofSeconds(Math.min(number.longValue(), 31_536_000)) : otherwise;
    }

    /** What a provider answered. */
    private record Reply(int status, JsonObject json, String who) {
        String error() {
            return status == 200 ? "" : json.getString("error", "");
        }

        JsonObject orRefused(String what) {
            if (status != 200) {
                String why = json.getString("error_description", json.getString("error", "it answered " + status));
                throw new Problem(ExitCode.CREDENTIALS, "The identity provider did not " + what + ": " + why);
            }
            return json;
        }
    }

    private Reply form(URI address, Map<String, String> form) {
        String body = form.entrySet().stream().map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue())).collect(Collectors.joining("&"));
        return answer(HttpRequest.newBuilder(address).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body)), address.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Reply answer(HttpRequest.Builder request, String who) {
        try {
            HttpResponse<InputStream> response = http.send(request.header("Accept", "application/json").timeout(within).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                // The request's own time is over with the answer's head.
                CompletableFuture.delayedExecutor(within.toMillis(), TimeUnit.MILLISECONDS).execute(() -> close(body));
                return new Reply(response.statusCode(), json(new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8), response.statusCode(), who), who);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ExitCode.INTERRUPTED, "Interrupted before the identity provider answered.", e);
        } catch (IOException e) {
            throw new Problem(ExitCode.UNREACHABLE, "The identity provider at " + who + " does not answer: "
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()), e);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // Whoever reads it is told.
        }
    }

    private static JsonObject json(String text, int status, String who) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            if (status != 200) {
                return JsonValue.EMPTY_JSON_OBJECT;
            }
            throw new Problem(ExitCode.UNREACHABLE, "What answers at " + who + " is no identity provider: it sent no JSON.", e);
        }
    }
}
