package dev.agentruntime.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Sends calls, and makes of what comes back an answer or an exception. Thread-safe. */
final class Transport {

    /** Of an answer that is read as a whole. */
    static final int MOST_BYTES = 16 << 20;
    /** Until the rest of an answer that is read as a whole is there, and of a refusal. */
    private static final Duration REST = Duration.ofSeconds(30);

    private static final String CLOSED = ": it closed the connection";

    private final HttpClient http;
    private final URI endpoint;
    private final Credentials credentials;
    private final String userAgent;

    Transport(HttpClient http, URI endpoint, Credentials credentials, String userAgent) {
        this.http = http;
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.userAgent = userAgent;
    }

    HttpClient http() {
        return http;
    }

    URI endpoint() {
        return endpoint;
    }

    /** An answer whose status is 2xx, and whose body comes as it is read. */
    record Opened(int status, HttpHeaders header, TimedStream body) implements AutoCloseable {
        String header(String name) {
            return header.firstValue(name).orElse("");
        }

        @Override
        public void close() {
            body.close();
        }
    }

    /** All of an answer as JSON; an empty object where it has no body. */
    JsonObject json(Call call) {
        try (Opened opened = open(call.withHeader("Accept", "application/json"), REST)) {
            byte[] bytes = opened.body().all(MOST_BYTES);
            return bytes.length == 0 ? JsonValue.EMPTY_JSON_OBJECT : parsed(bytes, opened.header());
        } catch (IOException e) {
            throw new BrokenOffException("The server's answer broke off: " + e.getMessage(), e);
        }
    }

    /** All of an answer as text. */
    String text(Call call) {
        try (Opened opened = open(call, REST)) {
            return new String(opened.body().all(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BrokenOffException("The server's answer broke off: " + e.getMessage(), e);
        }
    }

    /** As the head of an answer has it, whatever that is; the request says nothing of who asks. */
    Optional<Instant> date() {
        Call call = Call.of("HEAD", "/runtimes");
        HttpRequest request = HttpRequest.newBuilder(address(call.target())).method("HEAD", HttpRequest.BodyPublishers.noBody()).timeout(call.within()).build();
        HttpResponse<Void> response = await(call, http.sendAsync(request, HttpResponse.BodyHandlers.discarding()));
        try {
            return response.headers().firstValue("Date").map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** @param quiet how long the body may bring nothing before it counts as broken off */
    Opened open(Call call, Duration quiet) {
        URI address = address(call.target());
        HttpResponse<InputStream> response = await(call, http.sendAsync(request(call, address), HttpResponse.BodyHandlers.ofInputStream()));
        TimedStream body = new TimedStream(response.body(), quiet);
        if (response.statusCode() / 100 == 2) {
            return new Opened(response.statusCode(), response.headers(), body);
        }
        try (body) {
            throw refusal(response, body);
        }
    }

    private HttpRequest request(Call call, URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).method(call.method(), call.payload().publisher())
                .timeout(call.within());
        header(call, address).forEach(request::setHeader);
        return request.build();
    }

    /** All that is sent in a call's header. */
    Map<String, String> header(Call call, URI address) {
        Map<String, String> header = new LinkedHashMap<>(call.header());
        header.putAll(credentials.header(call.method(), address, call.header(), call.payload()));
        header.put("User-Agent", userAgent);
        return header;
    }

    URI address(String target) {
        return URI.create(endpoint + target);
    }

    private <T> T await(Call call, CompletableFuture<T> sent) {
        try {
            // The client's own timeout comes first; this one is for what it does not count, such as a connection that is not closed.
            return sent.get(call.within().plusSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new BrokenOffException("Interrupted before the server answered", e);
        } catch (TimeoutException | CancellationException e) {
            sent.cancel(true);
            throw new UnreachableException(late(call), e);
        } catch (ExecutionException e) {
            throw failure(call, e.getCause());
        }
    }

    private String late(Call call) {
        return "The server at " + endpoint + " did not answer within " + call.within().toSeconds() + " s";
    }

    /** What it comes to that a call was not answered. */
    RuntimeException failure(Call call, Throwable cause) {
        Optional<UncheckedIOException> unread = unread(cause);
        if (unread.isPresent()) {
            return unread.get();
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return new UnreachableException("No connection to the server at " + endpoint + " in time", cause);
        }
        if (cause instanceof HttpTimeoutException) {
            return new UnreachableException(late(call), cause);
        }
        if (cause instanceof SSLException) {
            return new UnreachableException("TLS with the server at " + endpoint + " failed: " + cause.getMessage()
                    + ". If its certificate is of your company's own authority, name that as what to trust", cause);
        }
        if (cause instanceof ConnectException) {
            String why = why(cause);
            return new UnreachableException("No connection to the server at " + endpoint + (why.equals(CLOSED) ? "" : why)
                    + ". Is it running, and is the address right?", cause);
        }
        return new UnreachableException("The server at " + endpoint + " did not answer" + why(cause), cause);
    }

    /** What was to be sent could not be read, which is not the server's doing. */
    private static Optional<UncheckedIOException> unread(Throwable cause) {
        return Stream.iterate(cause, Objects::nonNull, Throwable::getCause).limit(20).filter(UncheckedIOException.class::isInstance)
                .map(UncheckedIOException.class::cast).findFirst();
    }

    private static String why(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getMessage() == null) {
            root = root.getCause();
        }
        return switch (root.getClass().getSimpleName()) {
            case "UnresolvedAddressException", "UnknownHostException" -> ": its name is not known";
            case "ClosedChannelException", "EOFException" -> CLOSED;
            default -> root.getMessage() == null ? ": " + root.getClass().getSimpleName() : ": " + root.getMessage();
        };
    }

    private AgentRuntimeException refusal(HttpResponse<InputStream> response, TimedStream body) {
        Map<String, String> header = new LinkedHashMap<>();
        response.headers().map().forEach((name, values) -> header.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        byte[] bytes;
        try {
            bytes = body.all(MOST_BYTES);
        } catch (IOException e) {
            bytes = new byte[0];
        }
        boolean ours = header.containsKey("x-amzn-requestid") || header.containsKey("x-amzn-errortype");
        try {
            JsonObject json = bytes.length == 0 ? JsonValue.EMPTY_JSON_OBJECT : parsed(bytes, response.headers());
            if (ours || json.containsKey("message")) {
                return new RefusedException(response.statusCode(), header, json);
            }
        } catch (UnexpectedAnswerException noJson) {
            if (ours) {
                return new RefusedException(response.statusCode(), header, JsonValue.EMPTY_JSON_OBJECT);
            }
        }
        return new UnexpectedAnswerException("What answers at " + endpoint + " is not this product: it answered " + response.statusCode()
                + " to " + response.request().method() + " " + response.request().uri().getPath() + ". Does the address end in /agents?");
    }

    private JsonObject parsed(byte[] bytes, HttpHeaders header) {
        try (JsonReader reader = Json.createReader(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            // Parsers throw more than JsonException: at numbers that are too large, at values that are nested too deeply.
            throw new UnexpectedAnswerException("What answers at " + endpoint + " sent no JSON object but "
                    + header.firstValue("Content-Type").orElse("something without a type") + ". Does the address end in /agents?", e);
        }
    }
}
