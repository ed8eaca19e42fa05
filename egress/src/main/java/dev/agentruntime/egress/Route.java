package dev.agentruntime.egress;

import dev.agentruntime.api.OutboundConnection.Outcome;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * How the host gets to an upstream.
 *
 * @param proxy the company's; empty for the direct way
 * @param asks  whether the proxy is asked by whole URLs, as it is for plain HTTP, and not to connect
 */
record Route(Optional<CompanyProxy> proxy, boolean asks) {

    static final Refusal NOT_LET_IN = new Refusal(Outcome.UNREACHABLE, HttpResponseStatus.BAD_GATEWAY,
            "The company's proxy does not let the host pass (status 407): see proxyUser and proxyPassword of <" + EgressSettings.ELEMENT
                    + "> in server.xml.");

    /** A copy of the request as it goes this way. */
    HttpRequest request(HttpRequest from, Upstream upstream) {
        HttpRequest to = new DefaultHttpRequest(from.protocolVersion(), from.method(), asks ? upstream.origin() + from.uri() : from.uri(),
                from.headers().copy());
        proxy.filter(company -> asks).flatMap(CompanyProxy::user).ifPresent(login -> to.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION,
                "Basic " + Base64.getEncoder().encodeToString((login.name() + ":" + login.password()).getBytes(StandardCharsets.UTF_8))));
        return to;
    }

    /** Whether an answer is the proxy's own, to the host: the guest would look for a password of its own. */
    boolean isShutTo(HttpResponse answer) {
        return asks && answer.status().code() == 407;
    }
}
