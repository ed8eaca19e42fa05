package dev.agentruntime.agentctl;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command runs: what it reads, where it writes, and what it knows of its user.
 *
 * @param home           the user's folder
 * @param folder         where relative paths begin
 * @param outIsTerminal  whether a person reads the output
 * @param errIsTerminal  whether a person reads errors and progress
 */
record Surroundings(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path home, Path folder, Clock clock,
        boolean outIsTerminal, boolean errIsTerminal) {

    static Surroundings ofProcess() {
        boolean console = System.console() != null;
        return new Surroundings(new FileInputStream(FileDescriptor.in), stream(FileDescriptor.out), stream(FileDescriptor.err), System.getenv(),
                Path.of(System.getProperty("user.home", ".")), Path.of(""), Clock.systemUTC(),
                terminal("agentctl.out.terminal", console), terminal("agentctl.err.terminal", console));
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** The start script knows of each, the JDK of both together only. */
    private static boolean terminal(String property, boolean otherwise) {
        return Optional.ofNullable(System.getProperty(property)).map(Boolean::parseBoolean).orElse(otherwise);
    }

    /** A variable of the environment; empty where it is not set or is empty. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    boolean colours() {
        return outIsTerminal && variable("NO_COLOR").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }

    Path resolve(Path path) {
        return folder.resolve(path);
    }
}
