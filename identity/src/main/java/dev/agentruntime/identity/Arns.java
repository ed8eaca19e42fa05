package dev.agentruntime.identity;

/**
 * The names of this room's resources, in the form that AgentCore's clients know.
 *
 * @param region  the server's, as its {@code <agentRuntimeControl>} says
 * @param account the server's
 */
record Arns(String region, String account) {

    String workload(String name) {
        return "arn:aws:bedrock-agentcore:" + region + ":" + account + ":workload-identity-directory/default/workload-identity/" + name;
    }

    /** A credential provider. */
    String provider(ProviderKind kind, String name) {
        return "arn:aws:acps:" + region + ":" + account + ":token-vault/default/" + kind.inArn() + "/" + name;
    }

    /** A provider's secret, which clients want a name of; nothing is reached by it. */
    String secret(ProviderKind kind, String name) {
        return "arn:aws:secretsmanager:" + region + ":" + account + ":secret:token-vault/default/" + kind.inArn() + "/" + name;
    }
}
