package dev.agentruntime.runtime.liberty;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.api.Durations;
import dev.agentruntime.runtime.PlatformConfig;
import java.util.Locale;
import java.util.StringJoiner;

/** The configuration in force as one line, in the words of server.xml. */
final class Effective {

    private Effective() {}

    static String text(PlatformConfig config, String dataSource) {
        StringJoiner line = new StringJoiner(", ");
        line.add("idleTimeout=" + Durations.text(config.idleTimeout()));
        line.add("maxLifetime=" + Durations.text(config.maxLifetime()));
        line.add("startTimeout=" + Durations.text(config.startTimeout()));
        line.add("maxSessions=" + config.maxSessions());
        line.add("pauseAfter=" + Durations.text(config.pauseAfter()));
        line.add("poolMin=" + config.pool().min());
        line.add("poolMax=" + config.pool().max());
        line.add("pingInterval=" + Durations.text(config.pings().interval()));
        line.add("pingTimeout=" + Durations.text(config.pings().timeout()));
        line.add("tenantClaim=" + config.tenantClaim());
        line.add("hypervisor=" + config.driver().hypervisor());
        line.add("acceleration=" + config.driver().acceleration());
        line.add("image=" + config.driver().imageDirectory());
        line.add("stateDirectory=" + config.driver().stateDirectory());
        line.add("dataSource=" + dataSource);
        line.add("dropins=" + config.dropins());
        line.add("dropinMemory=" + megabytes(config.dropinMemoryBytes()));
        line.add("server id " + config.driver().serverId());
        config.agents().forEach(agent -> line.add(text(agent)));
        return line.toString();
    }

    private static String text(AgentConfig agent) {
        StringJoiner words = new StringJoiner(" ", "agent[", "]");
        words.add("name=" + agent.name()).add("location=" + agent.location());
        words.add("memory=" + megabytes(agent.memoryBytes())).add("vcpus=" + agent.vcpus());
        agent.idleTimeout().ifPresent(timeout -> words.add("idleTimeout=" + Durations.text(timeout)));
        agent.maxLifetime().ifPresent(lifetime -> words.add("maxLifetime=" + Durations.text(lifetime)));
        agent.pauseAfter().ifPresent(pause -> words.add("pauseAfter=" + Durations.text(pause)));
        agent.pool().ifPresent(pool -> words.add("poolMin=" + pool.min()).add("poolMax=" + pool.max()));
        words.add("sharing=" + agent.sharing().name().toLowerCase(Locale.ROOT));
        return words.toString();
    }

    /** As memory is written in server.xml; what is less than a megabyte is left out. */
    static String megabytes(long bytes) {
        return (bytes >> 20) + "m";
    }
}
