package dev.agentruntime.api;

/**
 * What a stream reaches at its other end.
 *
 * @param name 1 to 64 printable ASCII characters without a space
 */
public record Target(String name) {

    /** The agent's HTTP port in the guest. */
    public static final Target AGENT = new Target("agent");

    /** @throws IllegalArgumentException the name cannot be written in a stream's first line */
    public Target {
        if (name.isEmpty() || name.length() > 64 || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("A target is 1 to 64 printable ASCII characters: '" + name + "'");
        }
    }
}
