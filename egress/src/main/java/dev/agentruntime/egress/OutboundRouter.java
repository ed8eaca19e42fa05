package dev.agentruntime.egress;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Sends every request of a stream to the outbound it was opened for, as it is configured at that moment. */
final class OutboundRouter implements Router {

    /** Two dots as a segment, however they are written: whether a server goes up at them is its own business. */
    private static final Pattern UP = Pattern.compile("(?i)(^|[/\\\\]|%2f|%5c)(\\.|%2e){1,2}([/\\\\;?#]|%2f|%5c|%3b|$)");

    private final String name;
    private final String agent;
    private final Supplier<Optional<Outbound>> outbound;

    OutboundRouter(String name, String agent, Supplier<Optional<Outbound>> outbound) {
        this.name = name;
        this.agent = agent;
        this.outbound = outbound;
    }

    @Override
    public Plan plan(HttpRequest request) {
        Optional<Outbound> now = outbound.get();
        if (now.isEmpty()) {
            return new Plan.Refuse(name, Refusal.denied("The agent " + agent + " has no <outbound name=\"" + name + "\"> in server.xml any more."));
        }
        Optional<Outbound.Http> http = now.get().http();
        if (http.isEmpty()) {
            return new Plan.Refuse(name, Refusal.denied("The outbound " + name + " is one for TCP now, and this connection began as one for HTTP."
                    + " Connect anew."));
        }
        if (request.method().equals(HttpMethod.CONNECT)) {
            return new Plan.Refuse(name, Refusal.denied("The outbound " + name + " is no proxy. Ask it as http://" + name
                    + ".outbound/ without https and without a proxy; the host speaks TLS where the url of the <outbound> is https."));
        }
        return forward(request, now.get(), http.get());
    }

    private static Plan forward(HttpRequest request, Outbound outbound, Outbound.Http http) {
        String path = path(request.uri());
        if (!http.path().isEmpty() && UP.matcher(path.split("[?#]", 2)[0]).find()) {
            return new Plan.Refuse(outbound.name(), Refusal.malformed("The path has '.' or '..' as a segment. Write the path without."));
        }
        Upstream upstream = outbound.upstream();
        String whole = path.equals("*") ? path : http.path() + path;
        HttpRequest changed = Heads.request(request, whole.isEmpty() ? "/" : whole, upstream.hostHeader());
        http.credential().ifPresent(credential -> changed.headers().set(credential.header(), credential.value()));
        String guest = "http://" + outbound.name() + ".outbound" + (outbound.guest().port() == 80 ? "" : ":" + outbound.guest().port());
        return new Plan.Forward(upstream, outbound.permit(), changed, new Plan.Back(upstream.origin() + http.path(), guest));
    }

    /** Without scheme and host, which a client says that takes the outbound for a proxy. */
    private static String path(String uri) {
        if (uri.startsWith("/") || uri.equals("*")) {
            return uri;
        }
        int host = uri.indexOf("://");
        int slash = host < 0 ? -1 : uri.indexOf('/', host + 3);
        return slash < 0 ? "/" : uri.substring(slash);
    }
}
