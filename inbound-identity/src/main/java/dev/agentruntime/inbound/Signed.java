package dev.agentruntime.inbound;

import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.inbound.Canonical.Parameter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a request says of its signature, in its headers or, where it was signed beforehand, in its query.
 *
 * @param dateTime as the request has it
 * @param expires  how long after {@code at} a request may be used that was signed beforehand; empty for the header form
 */
record Signed(Scope scope, String dateTime, Instant at, List<String> headers, String signature, Optional<Duration> expires) {

    private static final int MOST_CREDENTIAL = 2_048;
    private static final int MOST_HEADERS = 128;
    private static final int MOST_PATH = 8_192;
    private static final int MOST_QUERY = 16_384;
    private static final int MOST_IN_HEADERS = 128 * 1024;
    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT).withZone(ZoneOffset.UTC);

    static final String AUTHORIZATION = "authorization";
    static final String TOKEN = "x-amz-security-token";

    /** Whether somebody has signed this, well or not. */
    static boolean isSigned(InboundRequest request) {
        return byHeader(request) || byQuery(request);
    }

    private static boolean byHeader(InboundRequest request) {
        return request.headers().getOrDefault(AUTHORIZATION, List.of()).stream().anyMatch(value -> value.strip().startsWith("AWS4-"));
    }

    /** Whether a signature stands in the query. */
    static boolean byQuery(InboundRequest request) {
        return request.rawQuery().length() <= MOST_QUERY
                && Canonical.parameters(request.rawQuery()).stream().anyMatch(one -> one.name().equals("X-Amz-Algorithm"));
    }

    /** @throws DeniedException it is signed in no way that is known here */
    static Signed read(InboundRequest request) {
        int inHeaders = request.headers().values().stream().flatMap(List::stream).mapToInt(String::length).sum();
        if (request.rawPath().length() > MOST_PATH || request.rawQuery().length() > MOST_QUERY || inHeaders > MOST_IN_HEADERS) {
            throw DeniedException.malformed("The path has more than " + MOST_PATH + " characters, the query more than " + MOST_QUERY
                    + ", or the headers more than " + MOST_IN_HEADERS);
        }
        if (byHeader(request) && byQuery(request)) {
            throw DeniedException.malformed("The request is signed twice, in its headers and in its query; sign it once");
        }
        if (request.headers().containsKey(TOKEN)
                || Canonical.parameters(request.rawQuery()).stream().anyMatch(one -> one.name().equals("X-Amz-Security-Token"))) {
            throw DeniedException.unknownKey("Session tokens are not taken: this server has its own access keys and none of AWS's."
                    + " Sign with a key of an <accessKey> element, without a session token");
        }
        return byHeader(request) ? ofHeader(request) : ofQuery(request);
    }

    private static Signed ofHeader(InboundRequest request) {
        String authorization = request.header(AUTHORIZATION).orElseThrow(
                () -> DeniedException.malformed("There must be one Authorization header")).strip();
        if (!authorization.startsWith(SigningKey.ALGORITHM + " ") || authorization.length() > MOST_CREDENTIAL + MOST_PATH) {
            throw DeniedException.malformed("The Authorization header must begin with " + SigningKey.ALGORITHM
                    + ", the one way of signing that is known here");
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : authorization.substring(SigningKey.ALGORITHM.length()).split(",")) {
            int equals = part.indexOf('=');
            if (equals < 0 || parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip()) != null) {
                throw DeniedException.malformed("The Authorization header must have Credential, SignedHeaders and Signature, each once");
            }
        }
        String dateTime = request.header("x-amz-date").orElseThrow(
                () -> DeniedException.malformed("There must be one X-Amz-Date header"));
        return of(part(parts, "Credential"), dateTime, part(parts, "SignedHeaders"), part(parts, "Signature"), Optional.empty());
    }

    private static Signed ofQuery(InboundRequest request) {
        Map<String, String> parts = new HashMap<>();
        for (Parameter one : Canonical.parameters(request.rawQuery())) {
            if (one.name().startsWith("X-Amz-") && parts.put(one.name(), one.value()) != null) {
                throw DeniedException.malformed("The query has " + one.name() + " more than once");
            }
        }
        if (!part(parts, "X-Amz-Algorithm").equals(SigningKey.ALGORITHM)) {
            throw DeniedException.malformed("X-Amz-Algorithm must be " + SigningKey.ALGORITHM);
        }
        String expires = part(parts, "X-Amz-Expires");
        if (!SECONDS.matcher(expires).matches()) {
            throw DeniedException.malformed("X-Amz-Expires must be a number of seconds");
        }
        return of(part(parts, "X-Amz-Credential"), part(parts, "X-Amz-Date"), part(parts, "X-Amz-SignedHeaders"),
                part(parts, Canonical.SIGNATURE), Optional.of(Duration.ofSeconds(Long.parseLong(expires))));
    }

    private static String part(Map<String, String> parts, String name) {
        return Optional.ofNullable(parts.get(name)).filter(part -> !part.isEmpty())
                .orElseThrow(() -> DeniedException.malformed("The signature lacks " + name));
    }

    private static Signed of(String credential, String dateTime, String headers, String signature, Optional<Duration> expires) {
        Scope scope = Optional.of(credential).filter(text -> text.length() <= MOST_CREDENTIAL).flatMap(Scope::parse).orElseThrow(
                () -> DeniedException.malformed("The credential must be KEY/yyyyMMdd/REGION/SERVICE/aws4_request"));
        if (!SIGNATURE.matcher(signature).matches()) {
            throw DeniedException.malformed("The signature must be 64 hexadecimal digits");
        }
        return new Signed(scope, dateTime, instant(dateTime), headers(headers), signature, expires);
    }

    private static Instant instant(String dateTime) {
        try {
            return Instant.from(DATE_TIME.parse(dateTime));
        } catch (DateTimeException e) {
            throw DeniedException.malformed("X-Amz-Date must be written as yyyyMMdd'T'HHmmss'Z'");
        }
    }

    private static List<String> headers(String text) {
        List<String> headers = List.copyOf(Arrays.asList(text.split(";", -1)));
        Set<String> once = new HashSet<>(headers);
        if (headers.size() > MOST_HEADERS || once.size() < headers.size()
                || !headers.stream().allMatch(name -> HEADER.matcher(name).matches())) {
            throw DeniedException.malformed("SignedHeaders must be names in small letters, each once, " + MOST_HEADERS + " at most");
        }
        return headers;
    }
}
