package dev.agentruntime.libvirt;

import dev.agentruntime.features.FeatureIndex;
import dev.agentruntime.features.Provision;
import dev.agentruntime.features.UnsuitableException;
import dev.agentruntime.spi.Additions;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * An agent's WAR with what its guest's Open Liberty must have besides what every guest has.
 *
 * @param spec      the agent
 * @param provision features and configuration; empty for most agents
 * @param pack      holds the features' files
 */
record AgentWar(AgentSpec spec, Provision provision, Path pack) {

    /**
     * Looks through the WAR. Blocks on files, some tenths of a second.
     *
     * @throws AgentStartException the WAR is for another platform, or what is said of its guest cannot be
     */
    static AgentWar of(AgentSpec spec, GuestImage image) {
        FeatureIndex index;
        try {
            index = FeatureIndex.read(image.featureIndex());
        } catch (IOException e) {
            throw new VmException("The guest image's features could not be read: " + e.getMessage() + ". Build the guest image anew", e);
        }
        try {
            Additions additions = spec.additions();
            Provision provision = Provision.of(index, spec.artifact().file(), additions.features(), additions.configuration(), additions.drivers().isPresent());
            provision.warnings().forEach(warning -> DriverMessage.WAR_USES_WHAT_IS_MISSING.log(spec.runtime(), GuestText.sentence(warning)));
            if (!provision.features().isEmpty()) {
                DriverMessage.FEATURES_ADDED.log(spec.runtime(), GuestText.sentence(provision.reasons()));
            }
            return new AgentWar(spec, provision, image.featurePack());
        } catch (UnsuitableException e) {
            throw new AgentStartException(GuestText.sentence(e.getMessage()), List.of());
        } catch (IOException e) {
            throw new VmException("The WAR " + spec.artifact().file() + " could not be looked through: " + e.getMessage(), e);
        }
    }

    /** Gives the guest what it needs, and then the WAR: an application that runs would be started once more for a feature. */
    void deploy(GuestControl control, GuestPlan plan, Consumer<String> progress) {
        try {
            if (!provision.isEmpty()) {
                progress.accept("adding to its guest " + (provision.features().isEmpty() ? "its configuration" : String.join(", ", provision.features())));
                control.equip(this, plan.deployLimit());
            }
            progress.accept("deploying " + spec.artifact().file().getFileName());
            control.deploy(spec.artifact().file(), spec.paths().ping(), plan.deployLimit());
        } catch (AgentStartException e) {
            throw provision.advice(spec.runtime(), e.getMessage())
                    .map(advice -> new AgentStartException(e.getMessage() + (e.getMessage().endsWith(".") ? " " : ". ") + advice, e.log())).orElse(e);
        }
    }
}
