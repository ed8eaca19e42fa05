package dev.agentruntime.agentctl;

/** Where the process begins. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /**
     * Runs a command line with this process's streams and environment, and returns its exit code. Blocks until it is done.
     * For programs that have agentctl in them, such as the Maven plugin.
     */
    public static int run(String... arguments) {
        return Agentctl.run(Surroundings.ofProcess(), arguments);
    }
}
