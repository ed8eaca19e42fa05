package dev.agentruntime.memory;

/**
 * The names of memories, in the form that AgentCore's clients know.
 *
 * @param region  the server's, as its {@code <agentRuntimeControl>} says
 * @param account the server's
 */
record Arns(String region, String account) {

    private static final String IN_ARN = ":memory/";

    String memory(String id) {
        return "arn:aws:bedrock-agentcore:" + region + ":" + account + IN_ARN + id;
    }

    /** The id that {@code given} is, or that is in it where it is an ARN; one of another server's stays as it is. */
    String id(String given) {
        String id = given.substring(given.lastIndexOf(IN_ARN) < 0 ? 0 : given.lastIndexOf(IN_ARN) + IN_ARN.length());
        return given.equals(memory(id)) ? id : given;
    }
}
