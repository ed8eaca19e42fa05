package dev.agentruntime.inbound;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.net.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code <agentRuntimeInbound>} says.
 *
 * @param region           for which signatures must be made
 * @param service          for which they must be made
 * @param window           by how much the clocks of callers who sign may differ
 * @param longestPresigned how long a URL may be valid that was signed beforehand
 * @param keysFor          how long an issuer's keys are taken for its present ones
 * @param keysAgain        how soon an issuer may be asked again for its keys
 * @param issuerAddresses  that issuers may have, besides public ones, which agent runtimes made through the control API trust
 */
record InboundSettings(String region, String service, Duration window, Duration longestPresigned, Duration keysFor, Duration keysAgain,
        List<Cidr> issuerAddresses) {

    static final String ELEMENT = "agentRuntimeInbound";
    /** AWS's name in signatures for both of AgentCore's APIs. */
    static final String SERVICE = "bedrock-agentcore";

    private static final Duration SECOND = Duration.ofSeconds(1);

    static InboundSettings read(Attributes own) {
        return new InboundSettings(own.text("region", "us-east-1"), SERVICE, own.duration("signatureWindow", Duration.ofMinutes(5), SECOND),
                own.duration("maxPresigned", Duration.ofMinutes(5), SECOND), own.duration("keysFor", Duration.ofMinutes(10), SECOND),
                own.duration("keysAgain", Duration.ofSeconds(30), SECOND), addresses(own));
    }

    private static List<Cidr> addresses(Attributes own) {
        try {
            return AccessKeyReader.list(own, "issuerAddresses").stream().map(Cidr::parse).toList();
        } catch (IllegalArgumentException e) {
            own.problem("issuerAddresses cannot be used: " + e.getMessage() + ". Issuers must have public addresses until it is corrected.");
            return List.of();
        }
    }

    String text() {
        Effective effective = new Effective().add("region", region).add("signatureWindow", window).add("maxPresigned", longestPresigned)
                .add("keysFor", keysFor).add("keysAgain", keysAgain);
        if (!issuerAddresses.isEmpty()) {
            effective.add("issuerAddresses", issuerAddresses.stream().map(Cidr::toString).collect(Collectors.joining(" ")));
        }
        return effective.text();
    }
}
