package dev.agentruntime.egress;

import dev.agentruntime.net.Permit;
import dev.agentruntime.spi.GuestService;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Judges every request of a stream to the forward proxy by the agent's rules of that moment. */
final class ProxyRouter implements Router {

    private final Supplier<AgentRules> rules;
    private final Function<String, Optional<GuestService>> services;

    /** @param services of the host's own, by their names */
    ProxyRouter(Supplier<AgentRules> rules, Function<String, Optional<GuestService>> services) {
        this.rules = rules;
        this.services = services;
    }

    @Override
    public Plan plan(HttpRequest request) {
        try {
            if (!request.method().equals(HttpMethod.CONNECT)) {
                return forward(request);
            }
            return Heads.hasBody(request) ? new Plan.Refuse("", Refusal.malformed("CONNECT has no body.")) : tunnel(request.uri());
        } catch (IllegalArgumentException e) {
            return new Plan.Refuse("", Refusal.malformed("The proxy cannot tell where the request is for: " + e.getMessage() + "."));
        }
    }

    private Plan tunnel(String authority) {
        Destination destination = Destination.parse(authority, Optional.empty());
        Optional<String> named = Outbound.named(destination.host());
        if (named.isPresent()) {
            return tunnelTo(named.get(), destination);
        }
        return rules.get().permit(destination).<Plan>map(permit -> new Plan.Tunnel(Upstream.plain(destination), permit))
                .orElseGet(() -> denied(destination));
    }

    private Plan tunnelTo(String name, Destination destination) {
        Optional<Outbound> outbound = rules.get().outbound(name);
        if (outbound.isEmpty()) {
            return services.apply(name).<Plan>map(service -> new Plan.Refuse(name, Refusal.denied("The host's own " + name + " is reached as http://" + name
                    + ".outbound/ by the proxy, and not by CONNECT."))).orElseGet(() -> unknown(name));
        }
        if (outbound.get().http().isPresent()) {
            return new Plan.Refuse(name, Refusal.denied("The outbound " + name + " is reached as " + outbound.get().url()
                    + "/ and not by CONNECT: the host speaks TLS where the url of the <outbound> is https. Write http instead of https."));
        }
        return outbound.get().guest().port() == destination.port()
                ? new Plan.Tunnel(outbound.get().upstream(), outbound.get().permit())
                : new Plan.Refuse(name, Refusal.denied("The outbound " + name + " has the port " + outbound.get().guest().port() + "."));
    }

    private Plan forward(HttpRequest request) {
        String uri = request.uri();
        if (!uri.regionMatches(true, 0, "http://", 0, 7)) {
            throw new IllegalArgumentException("it takes http://HOST/PATH and CONNECT HOST:PORT");
        }
        String rest = uri.substring(7);
        int end = (int) rest.chars().takeWhile(c -> c != '/' && c != '?').count();
        Destination destination = Destination.parse(rest.substring(0, end), Optional.of(80));
        Optional<String> named = Outbound.named(destination.host());
        if (named.isPresent()) {
            AgentRules now = rules.get();
            return now.outbound(named.get()).isEmpty() ? served(named.get(), request, rest.substring(end))
                    : new OutboundRouter(named.get(), now.agent(), () -> now.outbound(named.get())).plan(request);
        }
        Optional<Permit> permit = rules.get().permit(destination);
        if (permit.isEmpty()) {
            return denied(destination);
        }
        Upstream upstream = Upstream.plain(destination);
        String path = rest.substring(end);
        return new Plan.Forward(upstream, permit.get(),
                Heads.request(request, path.startsWith("/") ? path : "/" + path, upstream.hostHeader()), Plan.Relocation.UNCHANGED, Optional.empty());
    }

    private Plan served(String name, HttpRequest request, String path) {
        return services.apply(name).<Plan>map(service -> new Plan.Serve(name, service, request.method().name(), path.startsWith("/") ? path : "/" + path))
                .orElseGet(() -> unknown(name));
    }

    private Plan unknown(String name) {
        return new Plan.Refuse(name, Refusal.denied("The agent " + rules.get().agent() + " has no <outbound name=\"" + name + "\"> in server.xml."));
    }

    private Plan denied(Destination destination) {
        String agent = rules.get().agent();
        return new Plan.Refuse(destination.toString(), Refusal.denied("The agent " + agent + " may not reach " + destination
                + ". Whoever runs the server allows it by <allow host=\"" + destination.host() + "\" ports=\"" + destination.port()
                + (destination.host().toString().equals("localhost") ? "\" addresses=\"127.0.0.1" : "") + "\"/> in <agent name=\"" + agent + "\"> of server.xml."));
    }
}
