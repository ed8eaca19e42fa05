package dev.agentruntime.inbound;

import dev.agentruntime.api.InboundRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/** Brings a request into the one form that is signed, as AWS does for all services but S3. */
final class Canonical {

    static final String SIGNATURE = "X-Amz-Signature";

    private Canonical() {}

    /** A name and a value of a query, decoded. */
    record Parameter(String name, String value) {}

    /** @param payloadHash as it stands in the request, or what its body hashes to */
    static String request(InboundRequest request, List<String> signedHeaders, String payloadHash) {
        String headers = signedHeaders.stream().map(name -> name + ":" + values(request, name) + "\n").collect(Collectors.joining());
        return String.join("\n", request.method(), path(request.rawPath()), query(request.rawQuery()), headers,
                String.join(";", signedHeaders), payloadHash);
    }

    /** Without dots and doubled slashes, and encoded once more than it came. */
    static String path(String raw) {
        Deque<String> segments = new ArrayDeque<>();
        String last = "";
        for (String segment : raw.split("/", -1)) {
            last = segment;
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        boolean slash = !segments.isEmpty() && (last.isEmpty() || last.equals(".") || last.equals(".."));
        return "/" + segments.stream().map(Canonical::encode).collect(Collectors.joining("/")) + (slash ? "/" : "");
    }

    /** In order, each encoded in the one way, and without the signature. */
    static String query(String raw) {
        return parameters(raw).stream().filter(one -> !one.name().equals(SIGNATURE))
                .map(one -> new Parameter(encode(one.name()), encode(one.value())))
                .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
                .map(one -> one.name() + "=" + one.value()).collect(Collectors.joining("&"));
    }

    /** Decoded; a plus sign is one. */
    static List<Parameter> parameters(String raw) {
        List<Parameter> parameters = new ArrayList<>();
        for (String part : raw.split("&")) {
            int equals = part.indexOf('=');
            if (!part.isEmpty()) {
                parameters.add(equals < 0 ? new Parameter(decode(part), "")
                        : new Parameter(decode(part.substring(0, equals)), decode(part.substring(equals + 1))));
            }
        }
        return parameters;
    }

    private static String values(InboundRequest request, String name) {
        return request.headers().getOrDefault(name, List.of()).stream()
                .map(value -> value.strip().replaceAll("[ \\t\\r\\n]+", " ")).collect(Collectors.joining(","));
    }

    /** All but what RFC 3986 calls unreserved. */
    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            if (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(hex(c >> 4)).append(hex(c & 0xf));
            }
        }
        return encoded.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }

    /** What is no escape stays as it is. */
    private static String decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                decoded.write(bytes[i]);
            } else {
                decoded.write(high << 4 | low);
                i += 2;
            }
        }
        return decoded.toString(StandardCharsets.UTF_8);
    }
}
