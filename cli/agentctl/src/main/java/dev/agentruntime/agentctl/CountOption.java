package dev.agentruntime.agentctl;

import picocli.CommandLine.Option;

/** How many of a list that may be long. */
final class CountOption {

    private static final int MOST = 10_000;

    @Option(names = {"-n", "--count"}, paramLabel = "COUNT", defaultValue = "100", description = "How many at most, up to 10000. Default: ${DEFAULT-VALUE}.")
    private int count;

    int count(Action action) {
        if (count < 1 || count > MOST) {
            throw action.usage("--count is 1 to " + MOST + ", and not " + count + ".");
        }
        return count;
    }
}
