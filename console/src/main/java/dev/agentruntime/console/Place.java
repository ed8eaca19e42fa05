package dev.agentruntime.console;

/** The pages that every other leads to. */
enum Place {
    OVERVIEW("/", "Overview"), AGENTS("/agents", "Agents"), SESSIONS("/sessions", "Sessions"), USAGE("/usage", "Usage");

    private final String path;
    private final String title;

    Place(String path, String title) {
        this.path = path;
        this.title = title;
    }

    String path() {
        return path;
    }

    String title() {
        return title;
    }
}
