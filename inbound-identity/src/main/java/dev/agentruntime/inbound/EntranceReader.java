package dev.agentruntime.inbound;

import dev.agentruntime.api.JwtAuthorizer;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.inbound.ClaimRule.Operator;
import dev.agentruntime.inbound.Entrance.Taken;
import dev.agentruntime.net.Cidr;
import dev.agentruntime.net.Permit;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads what {@code <agent>} elements say of who may call. An agent of whom that is wrong lets nobody in. */
final class EntranceReader {

    private static final List<String> WORDS = List.of("both", "token", "signature");
    private static final String INBOUND = "inbound";
    private static final String AUTHORIZER = "customJwtAuthorizer";
    private static final Metatype METATYPE = Metatype.of(EntranceReader.class);

    private EntranceReader() {}

    /** Those that are not the standard, by the names of the agents. */
    static Map<String, Entrance> agents(Attributes runtime) {
        Map<String, Entrance> agents = new LinkedHashMap<>();
        for (Attributes agent : runtime.nested("agent")) {
            Entrance entrance = read(agent);
            if (entrance.taken() != Taken.BOTH) {
                agents.putIfAbsent(agent.text("name", ""), entrance);
            }
        }
        return agents;
    }

    private static Entrance read(Attributes agent) {
        List<Attributes> own = agent.nested(AUTHORIZER);
        String name = agent.text("name", "");
        String inbound = agent.text(INBOUND, "both");
        if (agent.isMistyped(INBOUND) || agent.isMistyped(AUTHORIZER)) {
            agent.problem("The agent " + name + " has what seems to be a mistyped " + INBOUND + " or <" + AUTHORIZER + ">. Until it is corrected nobody"
                    + " may call the agent.");
            return Entrance.SHUT;
        }
        if (!WORDS.contains(inbound)) {
            agent.problem("The attribute inbound of the agent " + name + " is '" + inbound + "'. It must be one of " + String.join(", ", WORDS)
                    + ". Until it is corrected nobody may call the agent.");
            return Entrance.SHUT;
        }
        if (own.isEmpty()) {
            return new Entrance(Taken.valueOf(inbound.toUpperCase(Locale.ROOT)), Optional.empty());
        }
        try {
            if (own.size() > 1) {
                throw new IllegalArgumentException("there are two");
            }
            if (!inbound.equals("both")) {
                throw new IllegalArgumentException("inbound=\"" + inbound + "\" does not go with it; leave inbound out");
            }
            METATYPE.problem(own.get(0), "agentRuntime.customJwtAuthorizer").ifPresent(why -> {
                throw new IllegalArgumentException(why);
            });
            return new Entrance(Taken.OWN_ISSUER, Optional.of(rules(own.get(0))));
        } catch (IllegalArgumentException e) {
            agent.problem("The <customJwtAuthorizer> of the agent " + name + " cannot be used: " + e.getMessage()
                    + ". Until it is corrected nobody may call the agent.");
            return Entrance.SHUT;
        }
    }

    private static TokenRules rules(Attributes element) {
        List<Cidr> addresses = AccessKeyReader.list(element, "addresses").stream().map(Cidr::parse).toList();
        List<JwtAuthorizer.Claim> claims = element.nested("customClaim").stream().map(EntranceReader::claim).toList();
        return rules(new JwtAuthorizer(element.text("discoveryUrl", ""), AccessKeyReader.list(element, "allowedAudience"),
                AccessKeyReader.list(element, "allowedClients"), AccessKeyReader.list(element, "allowedScopes"), claims), addresses);
    }

    /**
     * The rules of an authorizer.
     *
     * @param addresses that its issuer may have besides public ones
     * @throws IllegalArgumentException it cannot be used
     */
    static TokenRules rules(JwtAuthorizer authorizer, List<Cidr> addresses) {
        List<ClaimRule> claims = authorizer.claims().stream().map(EntranceReader::rule).toList();
        TokenRules rules = new TokenRules(discovery(authorizer.discoveryUrl()), Permit.publicAnd(addresses), authorizer.audiences(),
                authorizer.clients(), authorizer.scopes(), claims);
        if (rules.audiences().isEmpty() && rules.clients().isEmpty() && rules.scopes().isEmpty() && claims.isEmpty()) {
            throw new IllegalArgumentException("it would take every token of its issuer, those for others too; name one or more of"
                    + " allowedAudience, allowedClients, allowedScopes or a <customClaim>");
        }
        return rules;
    }

    private static URI discovery(String text) {
        URI uri = URI.create(text);
        boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null
                || !text.endsWith(TokenRules.WELL_KNOWN)) {
            throw new IllegalArgumentException("discoveryUrl must be https://HOST/PATH" + TokenRules.WELL_KNOWN);
        }
        return uri;
    }

    private static JwtAuthorizer.Claim claim(Attributes element) {
        String operator = element.text("operator", Operator.EQUALS.name());
        List<String> values = operator.equals(Operator.CONTAINS_ANY.name()) ? AccessKeyReader.list(element, "value")
                : List.of(element.text("value", "")).stream().filter(text -> !text.isEmpty()).toList();
        return new JwtAuthorizer.Claim(element.text("name", ""), element.text("valueType", "STRING"), operator, values);
    }

    private static ClaimRule rule(JwtAuthorizer.Claim claim) {
        if (!List.of("STRING", "STRING_ARRAY").contains(claim.valueType())
                || Arrays.stream(Operator.values()).noneMatch(known -> known.name().equals(claim.operator()))) {
            throw new IllegalArgumentException("a <customClaim> must have the valueType STRING or STRING_ARRAY and the operator EQUALS,"
                    + " CONTAINS or CONTAINS_ANY");
        }
        return new ClaimRule(claim.name(), claim.valueType().equals("STRING_ARRAY"), Operator.valueOf(claim.operator()), claim.values());
    }
}
