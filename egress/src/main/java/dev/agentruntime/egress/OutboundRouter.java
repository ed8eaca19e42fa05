package dev.agentruntime.egress;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends every request of a stream to the outbound it was opened for, as it is configured at that moment. */
final class OutboundRouter implements Router {

    private static final String ALL = "*";
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://[^/?]+");

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
            String address = now.get().host() + ":" + now.get().guest().port();
            return new Plan.Refuse(name, Refusal.denied("The outbound " + name + " is one for TCP, and not for requests. Connect to " + address
                    + ", or ask the proxy for CONNECT " + address + "."));
        }
        if (request.method().equals(HttpMethod.CONNECT)) {
            return new Plan.Refuse(name, Refusal.denied("The outbound " + name + " is no proxy. Ask it as " + now.get().url()
                    + "/ without https and without a proxy; the host speaks TLS where the url of the <outbound> is https."));
        }
        return forward(request, now.get(), http.get());
    }

    private static Plan forward(HttpRequest request, Outbound outbound, Outbound.Http http) {
        Optional<String> path = path(request);
        if (path.isEmpty()) {
            return refuse(outbound, "The request's target is no path. Write one that begins with '/'; '*' is for OPTIONS.");
        }
        if (!http.path().isEmpty() && path.get().equals(ALL)) {
            return refuse(outbound, "OPTIONS * asks the whole server, of which this outbound has a part only. Write a path.");
        }
        if (!http.path().isEmpty() && Climbing.isIn(path.get().split("\\?", 2)[0])) {
            return refuse(outbound, "The path has '.' or '..' as a segment, or a NUL. Write the path without.");
        }
        Upstream upstream = outbound.upstream();
        HttpRequest changed = Heads.request(request, http.path() + path.get(), upstream.hostHeader());
        http.credential().ifPresent(credential -> credential.putInto(changed.headers()));
        return new Plan.Forward(upstream, outbound.permit(), changed, new Plan.Relocation(upstream.origin() + http.path(), outbound.url()),
                http.keyed());
    }

    private static Plan refuse(Outbound outbound, String sentence) {
        return new Plan.Refuse(outbound.name(), Refusal.malformed(sentence));
    }

    /** Without scheme and host, which a client says that takes the outbound for a proxy; empty where the target is none. */
    private static Optional<String> path(HttpRequest request) {
        String uri = request.uri();
        if (uri.startsWith("/") || uri.equals(ALL) && request.method().equals(HttpMethod.OPTIONS)) {
            return Optional.of(uri);
        }
        Matcher origin = ORIGIN.matcher(uri);
        if (!origin.lookingAt()) {
            return Optional.empty();
        }
        String rest = uri.substring(origin.end());
        return Optional.of(rest.startsWith("/") ? rest : "/" + rest);
    }
}
