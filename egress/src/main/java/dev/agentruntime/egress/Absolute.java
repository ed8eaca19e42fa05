package dev.agentruntime.egress;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A request for plain HTTP as a proxy wants it: with the whole URI, and who asks. */
final class Absolute {

    private Absolute() {}

    static void make(HttpRequest request, Upstream upstream, CompanyProxy proxy) {
        if (request.uri().startsWith("/")) {
            request.setUri(upstream.origin() + request.uri());
        }
        proxy.user().ifPresent(login -> request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, "Basic "
                + Base64.getEncoder().encodeToString((login.name() + ":" + login.password()).getBytes(StandardCharsets.UTF_8))));
    }
}
