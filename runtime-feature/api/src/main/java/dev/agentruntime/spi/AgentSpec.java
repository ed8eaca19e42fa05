package dev.agentruntime.spi;

import java.util.List;
import java.util.Optional;

/**
 * An agent version of which a template is to be made.
 *
 * @param runtime       the agent runtime's name
 * @param artifact      what it is made of
 * @param memoryBytes   the guest's memory
 * @param vcpus         the guest's processors
 * @param features      features of the guest's server that somebody has named; the driver adds what the artifact shows
 * @param configuration a file of configuration for the guest's server, its text; not checked yet
 */
public record AgentSpec(
        String runtime, Artifact artifact, long memoryBytes, int vcpus, List<String> features, Optional<String> configuration) {

    public AgentSpec {
        features = List.copyOf(features);
    }

    /** Of which nothing is said but what it is made of. */
    public AgentSpec(String runtime, Artifact artifact, long memoryBytes, int vcpus) {
        this(runtime, artifact, memoryBytes, vcpus, List.of(), Optional.empty());
    }
}
