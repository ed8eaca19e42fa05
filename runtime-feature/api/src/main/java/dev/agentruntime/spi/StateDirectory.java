package dev.agentruntime.spi;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where templates are cached when nothing is configured. */
final class StateDirectory {

    private StateDirectory() {}

    static Path standard() {
        return of(System.getProperty("user.name", ""), System.getProperty("user.home", "."), System.getenv());
    }

    /** As root the system's state directory, else the user's (XDG Base Directory Specification). */
    static Path of(String user, String home, Map<String, String> environment) {
        if (user.equals("root")) {
            return Path.of("/var/lib/agent-runtime");
        }
        return Optional.ofNullable(environment.get("XDG_STATE_HOME")).filter(state -> !state.isBlank()).map(Path::of)
                .orElse(Path.of(home, ".local", "state")).resolve("agent-runtime");
    }
}
