package dev.agentruntime.spi;

import java.util.List;
import java.util.Optional;

/**
 * What somebody wants in a guest's server besides what the artifact shows to need.
 *
 * @param features      features that somebody has named
 * @param configuration a file of configuration for the server, its text; not checked yet
 * @param drivers       libraries with drivers of databases, JARs in one ZIP
 */
public record Additions(List<String> features, Optional<String> configuration, Optional<Artifact> drivers) {

    /** Nothing. */
    public static final Additions NONE = new Additions(List.of(), Optional.empty(), Optional.empty());

    public Additions {
        features = List.copyOf(features);
    }

    /** Whether a server with these is the same as one with {@code other}; the copies of files may be two. */
    public boolean sameAs(Additions other) {
        return features.equals(other.features) && configuration.equals(other.configuration)
                && drivers.map(Artifact::digest).equals(other.drivers.map(Artifact::digest));
    }
}
