package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A caller's wish for a WebSocket (RFC 6455, section 4.2.1).
 *
 * @param key       as it came
 * @param protocols the subprotocols that its agent may choose from
 * @param byToken   whether one of them was a token, so that the answer has to choose one
 */
record WebSocketHandshake(String key, List<String> protocols, boolean byToken) {

    static final String PROTOCOL = "Sec-WebSocket-Protocol";
    /** Offered beside the token by who has it among the subprotocols, and chosen for it. */
    static final String BEARER = "base64UrlBearerAuthorization";

    private static final String VERSION = "13";
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int MOST_PROTOCOLS = 16;

    /** Whether a request wants a connection to be a WebSocket from here on. */
    static boolean isAsked(HttpServletRequest request) {
        return request.getMethod().equals("GET") && words(request, "Upgrade").contains("websocket") && words(request, "Connection").contains("upgrade");
    }

    /** @throws RequestException there is something wrong with it */
    static WebSocketHandshake of(HttpServletRequest request) {
        if (!isAsked(request) || !request.getProtocol().equals("HTTP/1.1")) {
            throw new RequestException(Kind.VALIDATION, "This path serves WebSocket only, over HTTP/1.1: Connection: Upgrade, Upgrade: websocket");
        }
        if (!List.of(VERSION).equals(Collections.list(request.getHeaders("Sec-WebSocket-Version")))) {
            throw new RequestException(Kind.VALIDATION, "Sec-WebSocket-Version must be " + VERSION);
        }
        List<String> keys = Collections.list(request.getHeaders("Sec-WebSocket-Key"));
        if (keys.size() != 1 || !isKey(keys.get(0).strip())) {
            throw new RequestException(Kind.VALIDATION, "Sec-WebSocket-Key must be " + KEY_BYTES + " bytes in base64");
        }
        List<String> offered = offered(request);
        boolean byToken = offered.stream().anyMatch(SubprotocolToken::isToken);
        if (byToken && !offered.contains(BEARER)) {
            throw new RequestException(Kind.VALIDATION, "Who has a token among the subprotocols offers " + BEARER + " as well, for the server to choose");
        }
        List<String> others = offered.stream().filter(one -> !one.equals(BEARER) && !SubprotocolToken.isToken(one)).toList();
        return new WebSocketHandshake(keys.get(0).strip(), others, offered.contains(BEARER));
    }

    /** The subprotocols that a caller offers, in its order. */
    static List<String> offered(HttpServletRequest request) {
        List<String> offered = new ArrayList<>();
        for (String header : Collections.list(request.getHeaders(PROTOCOL))) {
            Arrays.stream(header.split(",")).map(String::strip).filter(one -> !one.isEmpty()).forEach(offered::add);
        }
        if (offered.size() > MOST_PROTOCOLS) {
            throw new RequestException(Kind.VALIDATION, PROTOCOL + " has more than " + MOST_PROTOCOLS + " names");
        }
        return offered;
    }

    /** For the answer's {@code Sec-WebSocket-Accept}. */
    String accept() {
        return accept(key);
    }

    /** What proves that a server has read {@code key}. */
    static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static boolean isKey(String text) {
        try {
            return Base64.getDecoder().decode(text).length == KEY_BYTES;
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }

    private static List<String> words(HttpServletRequest request, String header) {
        return Collections.list(request.getHeaders(header)).stream().flatMap(value -> Arrays.stream(value.split(",")))
                .map(word -> word.strip().toLowerCase(Locale.ROOT)).collect(Collectors.toList());
    }
}
