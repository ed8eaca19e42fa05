package dev.agentruntime.runtime.liberty;

import dev.agentruntime.runtime.AgentConfig;
import dev.agentruntime.runtime.RuntimeConfig;
import java.time.Duration;
import java.util.StringJoiner;

/** The configuration in force as one line, in the words of server.xml. */
final class Effective {

    private Effective() {}

    static String text(RuntimeConfig config, String dataSource) {
        StringJoiner line = new StringJoiner(", ");
        line.add("idleTimeout=" + text(config.idleTimeout()));
        line.add("maxLifetime=" + text(config.maxLifetime()));
        line.add("startTimeout=" + text(config.startTimeout()));
        line.add("maxSessions=" + config.maxSessions());
        line.add("pauseAfter=" + text(config.pauseAfter()));
        line.add("poolMin=" + config.pool().min());
        line.add("poolMax=" + config.pool().max());
        line.add("pingInterval=" + text(config.pings().interval()));
        line.add("pingTimeout=" + text(config.pings().timeout()));
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

    /** Such as {@code 1h30m}. */
    static String text(Duration duration) {
        String iso = duration.toString().substring(1).replace("T", "").toLowerCase();
        return duration.toMillisPart() > 0 ? duration.toMillis() + "ms" : iso;
    }

    private static String text(AgentConfig agent) {
        StringJoiner words = new StringJoiner(" ", "agent[", "]");
        words.add("name=" + agent.name()).add("location=" + agent.location());
        words.add("memory=" + megabytes(agent.memoryBytes())).add("vcpus=" + agent.vcpus());
        agent.idleTimeout().ifPresent(timeout -> words.add("idleTimeout=" + text(timeout)));
        agent.maxLifetime().ifPresent(lifetime -> words.add("maxLifetime=" + text(lifetime)));
        agent.pauseAfter().ifPresent(pause -> words.add("pauseAfter=" + text(pause)));
        agent.pool().ifPresent(pool -> words.add("poolMin=" + pool.min()).add("poolMax=" + pool.max()));
        return words.toString();
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + "m";
    }
}
