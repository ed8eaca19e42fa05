package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.features.FeatureIndex;
import dev.agentruntime.features.Provision;
import dev.agentruntime.features.UnsuitableException;
import dev.agentruntime.spi.Additions;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

    /** As AgentCore gives an agent. */
    static final Duration WARMUP_LIMIT = Duration.ofSeconds(120);

    private static final int LOG_LINES = 200;
    private static final Duration LOG_LIMIT = Duration.ofSeconds(5);

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

    /**
     * Has the agent do what it wants to have done before its first session, if it wants that. Blocks for {@code limit} at the most.
     *
     * @throws AgentStartException it does not confirm that with a status of 2xx in time
     */
    void warmUp(HostLink link, String vm, Duration limit, Consumer<String> progress) {
        spec.paths().warmup().ifPresent(path -> {
            progress.accept("asking the agent to warm itself up at " + path);
            int status = status(link, vm, limit, path);
            if (status / 100 != 2) {
                throw new AgentStartException("The agent answered the request to warm itself up at " + path + " with "
                        + (status == 0 ? "no HTTP status" : "status " + status) + "; it must answer with 2xx within " + limit.toSeconds() + " s.", log(link, vm));
            }
        });
    }

    private static int status(HostLink link, String vm, Duration limit, String path) {
        try (GuestConnection agent = new GuestConnection(link, vm, limit)) {
            return agent.post(path, "", "{}").status();
        } catch (VmException noAnswer) {
            throw new AgentStartException("The agent did not answer the request to warm itself up at " + path + ", for which it has "
                    + limit.toSeconds() + " s: " + noAnswer.getMessage(), log(link, vm));
        }
    }

    private static List<String> log(HostLink link, String vm) {
        try {
            return new GuestControl(link, vm).log(LOG_LINES, LOG_LIMIT);
        } catch (VmException noAnswer) {
            return List.of(); // why the agent was asked and what came of it is told all the same
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
