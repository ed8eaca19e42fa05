package dev.agentruntime.egress;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.net.Cidr;
import dev.agentruntime.net.Permit;
import dev.agentruntime.net.Texts;
import dev.agentruntime.spi.OutboundName;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.WantedCredential;
import dev.agentruntime.spi.WantedCredential.Flow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code <outbound>} and {@code <allow>}. What cannot be used is left out and told. */
final class RuleReader {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    /** They are about the connection or the body, which are the host's own. */
    private static final Set<String> NO_CREDENTIALS = Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer",
            "expect", "keep-alive", "proxy-connection", "max-forwards");

    private static final Map<String, Flow> FLOWS = new TreeMap<>(Map.of("m2m", Flow.M2M, "user-federation", Flow.USER_FEDERATION,
            "on-behalf-of", Flow.ON_BEHALF_OF_TOKEN_EXCHANGE));

    private static final Metatype METATYPE = Metatype.of(RuleReader.class);
    static final List<String> OF_AN_OUTBOUND = METATYPE.names("agentRuntime.outbound");
    static final List<String> OF_A_SHARED_OUTBOUND = METATYPE.names("outbound");
    static final List<String> OF_AN_ALLOW = METATYPE.names("agentRuntime.allow");

    private RuleReader() {}

    /** What the {@code <agent>} elements of {@code <agentRuntime>} say, by the agent's name. */
    static Map<String, AgentRules> agents(Attributes runtime) {
        Map<String, AgentRules> agents = new LinkedHashMap<>();
        for (Attributes agent : runtime.nested("agent")) {
            String name = agent.text("name", "");
            Map<String, Outbound> outbounds = new LinkedHashMap<>();
            agent.nested("outbound").forEach(element -> outbound(element, OF_AN_OUTBOUND).ifPresent(outbound -> {
                if (outbounds.containsKey(outbound.name())) {
                    element.problem("The agent " + name + " has two elements <outbound name=\"" + outbound.name()
                            + "\">. The first one counts; give the other another name.");
                } else if (outbounds.size() == SessionStart.MOST_OUTBOUNDS) {
                    element.problem("The element <outbound name=\"" + outbound.name() + "\"> of the agent " + name + " is left out: an agent has "
                            + SessionStart.MOST_OUTBOUNDS + " outbounds at most. Reach the others through the proxy, by <allow>.");
                } else {
                    outbounds.put(outbound.name(), outbound);
                }
            }));
            List<AllowRule> allowed = agent.nested("allow").stream().flatMap(element -> allow(element, name).stream()).toList();
            agents.putIfAbsent(name, new AgentRules(name, outbounds, allowed));
        }
        return agents;
    }

    /**
     * One outbound; empty where it cannot be used.
     *
     * @param known what such an element may have
     */
    static Optional<Outbound> outbound(Attributes element, List<String> known) {
        String name = element.text("name", "");
        try {
            requireNothingBut(known, element);
            String url = element.text("url", "");
            String tcp = element.text("tcp", "");
            if (url.isEmpty() == tcp.isEmpty()) {
                throw new IllegalArgumentException("it needs either url or tcp");
            }
            List<Cidr> addresses = list(element, "addresses", Cidr::parse);
            return Optional.of(url.isEmpty() ? tcp(element, name, tcp, addresses) : http(element, name, url, addresses));
        } catch (IllegalArgumentException e) {
            element.problem("The element <outbound name=\"" + name + "\"> cannot be used: " + e.getMessage() + ". It is left out.");
            return Optional.empty();
        }
    }

    private static Outbound tcp(Attributes element, String name, String tcp, List<Cidr> addresses) {
        for (String other : List.of("header", "value", "ssl", "credential", "format", "flow", "scopes")) {
            if (element.isSet(other)) {
                throw new IllegalArgumentException("the attribute " + other + " is for one with url, and this one has tcp");
            }
        }
        Destination destination = Destination.parse(tcp, Optional.empty());
        int port = element.whole("port", 1, 65_535).orElse(destination.port());
        return new Outbound(new OutboundName(name, port), Upstream.plain(destination),
                Permit.configured(destination.host(), addresses), Optional.empty());
    }

    private static Outbound http(Attributes element, String name, String url, List<Cidr> addresses) {
        boolean tls = url.toLowerCase(Locale.ROOT).startsWith("https://");
        if (!tls && !url.toLowerCase(Locale.ROOT).startsWith("http://")) {
            throw new IllegalArgumentException("the attribute url must begin with https:// or http://");
        }
        String rest = url.substring(url.indexOf("://") + 3);
        if (!rest.chars().allMatch(c -> c > ' ' && c < 0x7f && "@?#\\\"<>".indexOf(c) < 0)) {
            throw new IllegalArgumentException("the attribute url must be SCHEME://HOST:PORT/PATH without user, '?' and '#'");
        }
        int slash = rest.indexOf('/');
        Destination destination = Destination.parse(slash < 0 ? rest : rest.substring(0, slash), Optional.of(tls ? 443 : 80));
        String path = slash < 0 ? "" : rest.substring(slash).replaceAll("/+$", "");
        Optional<String> ssl = Optional.of(element.text("ssl", "")).filter(id -> !id.isEmpty());
        if (ssl.isPresent() && !tls) {
            throw new IllegalArgumentException("the attribute ssl is for https, and the url is http");
        }
        return new Outbound(new OutboundName(name, element.whole("port", 1, 65_535).orElse(80)), new Upstream(destination, tls, ssl),
                Permit.configured(destination.host(), addresses), Optional.of(http(path, element)));
    }

    private static Outbound.Http http(String path, Attributes element) {
        String provider = element.text("credential", "");
        if (provider.isEmpty()) {
            if (element.isSet("format")) {
                throw new IllegalArgumentException("the attribute format says where the credential stands that the attribute credential names");
            }
            for (String other : List.of("flow", "scopes")) {
                if (element.isSet(other)) {
                    throw new IllegalArgumentException("the attribute " + other + " says how an access token is got from the provider that the attribute credential names");
                }
            }
            return new Outbound.Http(path, credential(element), Optional.empty());
        }
        if (element.isSet("value")) {
            throw new IllegalArgumentException("it has both value and credential, and one of them is added");
        }
        Keyed keyed = Keyed.of(wanted(provider, element), header(element.text("header", Keyed.HEADER)), element.text("format", ""));
        return new Outbound.Http(path, Optional.empty(), Optional.of(keyed));
    }

    private static WantedCredential wanted(String provider, Attributes element) {
        String flow = element.text("flow", "");
        List<String> scopes = Stream.of(element.text("scopes", "").split("\\s+")).filter(scope -> !scope.isEmpty()).toList();
        if (flow.isEmpty()) {
            if (!scopes.isEmpty()) {
                throw new IllegalArgumentException("the attribute scopes is for one with flow: an API key has no scopes");
            }
            return new WantedCredential(provider, Flow.API_KEY, scopes);
        }
        return new WantedCredential(provider, Optional.ofNullable(FLOWS.get(flow)).orElseThrow(() -> new IllegalArgumentException(
                "the attribute flow is none of " + String.join(", ", FLOWS.keySet()))), scopes);
    }

    private static String header(String name) {
        if (!TOKEN.matcher(name).matches() || NO_CREDENTIALS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the attribute header is not the name of a header for a credential");
        }
        return name;
    }

    private static Optional<Credential> credential(Attributes element) {
        String header = element.text("header", "");
        Optional<String> value = element.secret("value").map(Secrets::decoded).map(String::trim).filter(text -> !text.isEmpty());
        if (header.isEmpty() != value.isEmpty()) {
            throw new IllegalArgumentException("the attributes header and value go together");
        }
        if (header.isEmpty()) {
            return Optional.empty();
        }
        header(header);
        if (!Keyed.isValue(value.get())) {
            throw new IllegalArgumentException("the attribute value has characters that no header may have");
        }
        return Optional.of(new Credential(header, value.get()));
    }

    private static Optional<AllowRule> allow(Attributes element, String agent) {
        String host = element.text("host", "");
        try {
            requireNothingBut(OF_AN_ALLOW, element);
            List<PortRange> ports = list(element, "ports", PortRange::parse);
            return Optional.of(new AllowRule(HostPattern.parse(host), ports.isEmpty() ? List.of(new PortRange(443, 443)) : ports,
                    list(element, "addresses", Cidr::parse)));
        } catch (IllegalArgumentException e) {
            element.problem("The element <allow host=\"" + Texts.withoutUser(host) + "\"> of the agent " + agent + " cannot be used: " + e.getMessage()
                    + ". It is left out, so nothing is allowed by it.");
            return Optional.empty();
        }
    }

    /** What a mistyped attribute was to narrow or to protect would be open otherwise. */
    private static void requireNothingBut(List<String> known, Attributes element) {
        Attributes alone = element.strictly();
        alone.nothingBut(known);
        alone.problems().stream().findFirst().ifPresent(problem -> {
            throw new IllegalArgumentException(problem.replaceFirst("\\.$", ""));
        });
    }

    private static <T> List<T> list(Attributes element, String attribute, Function<String, T> parse) {
        return Texts.list(element.text(attribute, "")).stream().map(parse).toList();
    }
}
