package dev.agentruntime.agentctl;

import java.nio.file.Path;

/** Where agentctl keeps what it knows of its user. */
record Folders(Surroundings surroundings) {

    /** {@code AGENTCTL_HOME}, or {@code agentctl} in the user's folder of settings. */
    Path own() {
        return surroundings.variable("AGENTCTL_HOME").map(Path::of)
                .or(() -> surroundings.variable("XDG_CONFIG_HOME").map(folder -> Path.of(folder, "agentctl")))
                .orElseGet(() -> surroundings.home().resolve(".config").resolve("agentctl"));
    }

    Path settings() {
        return own().resolve("config.properties");
    }

    Path credentials() {
        return own().resolve("credentials.json");
    }
}
