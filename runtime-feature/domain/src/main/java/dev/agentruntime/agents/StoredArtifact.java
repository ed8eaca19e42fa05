package dev.agentruntime.agents;

import dev.agentruntime.spi.Artifact;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A copy of an artifact that nobody changes, and what lay beside it. Deleted when the last of its users has let it go. Thread-safe; does not block. */
final class StoredArtifact {

    private final Artifact artifact;
    private final Optional<String> configuration;
    private final Optional<Artifact> drivers;
    private final Runnable delete;
    private final AtomicInteger users = new AtomicInteger(1);

    /**
     * Whoever makes one is its first user.
     *
     * @param configuration of the guest's server, from the file beside the artifact
     * @param drivers       from the folder beside the artifact
     */
    StoredArtifact(Artifact artifact, Optional<String> configuration, Optional<Artifact> drivers, Runnable delete) {
        this.artifact = artifact;
        this.configuration = configuration;
        this.drivers = drivers;
        this.delete = delete;
    }

    Artifact artifact() {
        return artifact;
    }

    Optional<String> configuration() {
        return configuration;
    }

    Optional<Artifact> drivers() {
        return drivers;
    }

    /** One user more. Only to be called by someone who is one. */
    StoredArtifact retain() {
        users.incrementAndGet();
        return this;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            delete.run();
        }
    }
}
