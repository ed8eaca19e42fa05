package dev.agentruntime.egress;

import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.net.Texts;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Heads of requests and answers as they pass the host: what is for one hop only stays behind (RFC 9110, section 7.6.1). */
final class Heads {

    private static final Set<String> ONE_HOP = Set.of("connection", "keep-alive", "proxy-connection", "proxy-authorization",
            "proxy-authenticate", "proxy-authentication-info", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings",
            "content-length", "max-forwards");
    /** Their answer repeats the request, with what the host has added to it. */
    private static final Set<String> ECHOES = Set.of("TRACE", "TRACK");

    private Heads() {}

    /** What makes a request one that different readers could understand differently; empty where nothing does. */
    static Optional<Refusal> problem(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(Refusal.malformed("The request is no proper HTTP/1.1: "
                    + Texts.shown(String.valueOf(request.decoderResult().cause().getMessage())) + "."));
        }
        HttpHeaders headers = request.headers();
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return Optional.of(Refusal.malformed("The request speaks " + Texts.shown(version.text()) + ", not HTTP/1.1."));
        }
        if (request.uri().isEmpty() || !request.uri().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return Optional.of(Refusal.malformed("The request's target has characters that must be encoded."));
        }
        if (request.uri().indexOf('#') >= 0) {
            return Optional.of(Refusal.malformed("The request's target has a '#', which some servers read as a part of the path. Leave the fragment out."));
        }
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && version.equals(HttpVersion.HTTP_1_1)) {
            return Optional.of(Refusal.malformed("The request has " + hosts + " Host headers, not one."));
        }
        if (ECHOES.contains(request.method().name().toUpperCase(Locale.ROOT))) {
            return Optional.of(new Refusal(Outcome.DENIED, HttpResponseStatus.METHOD_NOT_ALLOWED, "The method " + Texts.shown(request.method().name())
                    + " is not passed on: its answer would repeat what the host adds to the request."));
        }
        return framingProblem(headers, version);
    }

    private static Optional<Refusal> framingProblem(HttpHeaders headers, HttpVersion version) {
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean chunked = encodings.size() == 1 && encodings.get(0).trim().equalsIgnoreCase("chunked");
        if (!encodings.isEmpty() && (!chunked || version.equals(HttpVersion.HTTP_1_0))) {
            return Optional.of(Refusal.malformed("The request's Transfer-Encoding is not 'chunked' alone, in HTTP/1.1."));
        }
        if (chunked && headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return Optional.of(Refusal.malformed("The request has both Content-Length and Transfer-Encoding."));
        }
        if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1) || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2)) {
            return Optional.of(Refusal.malformed("The request is for a draft of WebSocket, with a body that no length announces."
                    + " Use WebSocket as in RFC 6455."));
        }
        return Optional.empty();
    }

    /** Whether the guest wants to go on with WebSocket, the only protocol that is changed to (RFC 6455, section 4.2.1). */
    static boolean asksForWebSocket(HttpRequest request) {
        return request.method().equals(HttpMethod.GET) && request.protocolVersion().equals(HttpVersion.HTTP_1_1) && !hasBody(request)
                && request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && isWebSocket(request.headers());
    }

    /** Whether an answer goes on with WebSocket; one of an old draft, whose key is in its body, does not. */
    static boolean acceptsWebSocket(HttpHeaders headers) {
        return isWebSocket(headers) && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
    }

    private static boolean isWebSocket(HttpHeaders headers) {
        List<String> protocols = headers.getAll(HttpHeaderNames.UPGRADE);
        return protocols.size() == 1 && protocols.get(0).trim().equalsIgnoreCase("websocket");
    }

    static boolean isEvents(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.CONTENT_TYPE).stream()
                .anyMatch(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"));
    }

    /** The answer by which the protocol changes, as the guest gets it. */
    static FullHttpResponse upgrade(HttpResponse from) {
        FullHttpResponse to = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
        copy(from.headers(), to.headers());
        upgrade(to.headers());
        return to;
    }

    static void upgrade(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE).set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    }

    static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request)
                || request.headers().contains(HttpHeaderNames.CONTENT_LENGTH) && HttpUtil.getContentLength(request, 0L) > 0;
    }

    /** The request as the upstream gets it. */
    static HttpRequest request(HttpRequest from, String target, String host) {
        HttpRequest to = new DefaultHttpRequest(HttpVersion.HTTP_1_1, from.method(), target);
        copy(from.headers(), to.headers());
        to.headers().set(HttpHeaderNames.HOST, host);
        if (from.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            // It would not be told to go on (RFC 9110, section 10.1.1).
            to.headers().remove(HttpHeaderNames.EXPECT);
        }
        if (asksForWebSocket(from)) {
            upgrade(to.headers());
        }
        if (HttpUtil.isTransferEncodingChunked(from)) {
            to.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else if (from.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            to.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpUtil.getContentLength(from));
        }
        return to;
    }

    /** The answer as the guest gets it; {@code close} when the connection ends with it. */
    static HttpResponse response(HttpResponse from, HttpRequest request, boolean close) {
        HttpResponse to = new DefaultHttpResponse(HttpVersion.HTTP_1_1, from.status());
        copy(from.headers(), to.headers());
        boolean informational = from.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (from.headers().contains(HttpHeaderNames.CONTENT_LENGTH) && !HttpUtil.isTransferEncodingChunked(from)) {
            to.headers().set(HttpHeaderNames.CONTENT_LENGTH, from.headers().get(HttpHeaderNames.CONTENT_LENGTH));
        } else if (!informational && mayHaveBody(from, request) && request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            to.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (close && !informational) {
            to.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!informational && request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            to.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return to;
    }

    private static boolean mayHaveBody(HttpResponse response, HttpRequest request) {
        int code = response.status().code();
        return code != 204 && code != 304 && !request.method().equals(HttpMethod.HEAD);
    }

    /** Whether the guest can tell where the answer ends without the connection's end. */
    static boolean isFramed(HttpResponse answer, HttpRequest request) {
        return !mayHaveBody(answer, request) || answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                || HttpUtil.isTransferEncodingChunked(answer);
    }

    private static void copy(HttpHeaders from, HttpHeaders to) {
        Set<String> named = from.getAll(HttpHeaderNames.CONNECTION).stream().flatMap(value -> Arrays.stream(value.split(",")))
                .map(name -> name.trim().toLowerCase(Locale.ROOT)).filter(name -> !name.equals("host")).collect(Collectors.toSet());
        for (Map.Entry<String, String> header : from.entries()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!ONE_HOP.contains(name) && !named.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }
}
