package dev.agentruntime.runtime.liberty;

import dev.agentruntime.agents.AgentConfig;
import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.agents.Sharing;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.runtime.PlatformConfig;
import dev.agentruntime.spi.DriverSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a valid configuration of what server.xml says. What cannot be used is told of, all at once, and left out: an
 * attribute falls back to its default, an agent is skipped.
 */
final class ConfigReader {

    /** @param problems each names the attribute and the fix */
    record Reading(PlatformConfig config, String dataSource, List<String> problems) {}

    private static final long SMALLEST_MEMORY = 768L << 20;
    private static final long LARGEST_MEMORY = 64L << 30;
    private static final int MOST_POOLED = 1000;
    private static final String ELEMENT = "agentRuntime";

    private final Map<String, Object> properties;
    private final List<String> problems = new ArrayList<>();

    private ConfigReader(Map<String, Object> properties) {
        this.properties = properties;
    }

    static Reading read(Map<String, Object> properties) {
        return new ConfigReader(properties).read();
    }

    private Reading read() {
        Attributes own = new Attributes(ELEMENT, "", properties, problems);
        Path agents = path(own.text("agentsDirectory", ""), "agents");
        Duration second = Duration.ofSeconds(1);
        PoolBounds pool = pool(own, new PoolBounds(1, 4));
        PlatformConfig config = new PlatformConfig(
                own.duration("idleTimeout", Duration.ofMinutes(15), second),
                own.duration("maxLifetime", Duration.ofHours(8), second),
                own.duration("startTimeout", Duration.ofMinutes(5), second),
                own.whole("maxSessions", 200, 1, 100_000),
                own.duration("pauseAfter", Duration.ofSeconds(2), Duration.ZERO),
                pool,
                new PingPolicy(
                        own.duration("pingInterval", Duration.ofSeconds(5), Duration.ofMillis(100)),
                        own.duration("pingTimeout", Duration.ofSeconds(15), Duration.ofMillis(100))),
                own.text("tenantClaim", "tenant"),
                driver(own),
                path(own.text("serverDirectory", ""), "").resolve("agent-runtime").resolve("wars"),
                path(own.text("dropins", ""), agents.resolve("dropins").toString()),
                own.memory("dropinMemory", 1L << 30, SMALLEST_MEMORY, LARGEST_MEMORY),
                agents(agents, pool));
        return new Reading(config, own.text("dataSource", "jdbc/agentRuntime"), List.copyOf(problems));
    }

    private DriverSettings driver(Attributes own) {
        return new DriverSettings(
                ServerId.of(own.text("serverName", "server"), own.text("serverDirectory", "")),
                own.text("hypervisor", "auto"),
                own.oneOf("acceleration", "auto", List.of("auto", "kvm", "tcg")),
                path(own.text("image", ""), "image"),
                path(own.text("stateDirectory", ""), StateDirectory.standard().toString()));
    }

    private List<AgentConfig> agents(Path directory, PoolBounds pool) {
        Map<String, AgentConfig> agents = new LinkedHashMap<>();
        for (int i = 0; isThere("agent." + i + "."); i++) {
            agent(i, directory, pool).ifPresent(agent -> {
                if (agents.putIfAbsent(agent.name(), agent) != null) {
                    problems.add("There are two <agent> elements of the name " + agent.name()
                            + "; the second is left out. Give each its own name.");
                }
            });
        }
        return List.copyOf(agents.values());
    }

    private boolean isThere(String prefix) {
        return properties.keySet().stream().anyMatch(key -> key.startsWith(prefix));
    }

    private Optional<AgentConfig> agent(int index, Path directory, PoolBounds pool) {
        String prefix = "agent." + index + ".";
        String name = new Attributes("agent", prefix, properties, problems).text("name", "");
        Attributes attributes = new Attributes("agent " + name, prefix, properties, problems);
        String location = attributes.text("location", name + ".war");
        Optional<String> problem = AgentConfig.nameProblem(name)
                .map(why -> "The attribute name of an <agent> element, whose location is " + location + ": " + why
                        + " The element is left out.");
        if (problem.isPresent()) {
            problems.add(problem.get());
            return Optional.empty();
        }
        Sharing sharing = sharing(attributes);
        try {
            return Optional.of(new AgentConfig(
                    name, directory.resolve(location).normalize(),
                    attributes.memory("memory", 1L << 30, SMALLEST_MEMORY, LARGEST_MEMORY),
                    attributes.whole("vcpus", 1, 1, 16),
                    attributes.duration("idleTimeout", Duration.ofSeconds(1)),
                    attributes.duration("maxLifetime", Duration.ofSeconds(1)),
                    attributes.duration("pauseAfter", Duration.ZERO),
                    sharing == Sharing.TENANT ? noPool(name, prefix) : ownPool(attributes, prefix, pool), sharing));
        } catch (InvalidPathException e) {
            problems.add("The attribute location of <agent name=\"" + name + "\"> is no path: " + e.getMessage()
                    + ". The element is left out.");
            return Optional.empty();
        }
    }

    private static Sharing sharing(Attributes attributes) {
        return attributes.oneOf("sharing", "version", List.of("version", "tenant")).equals("tenant") ? Sharing.TENANT : Sharing.VERSION;
    }

    private boolean hasOwnPool(String prefix) {
        return properties.containsKey(prefix + "poolMin") || properties.containsKey(prefix + "poolMax");
    }

    private Optional<PoolBounds> noPool(String agent, String prefix) {
        if (hasOwnPool(prefix)) {
            problems.add("The attributes poolMin and poolMax of <agent " + agent + "> are passed over: its sharing is 'tenant', and"
                    + " a VM that waits belongs to no tenant yet. Leave both out, or set sharing to version.");
        }
        return Optional.empty();
    }

    private Optional<PoolBounds> ownPool(Attributes attributes, String prefix, PoolBounds platform) {
        return hasOwnPool(prefix)
                ? Optional.of(pool(attributes, platform)) : Optional.empty();
    }

    /** One that is given alone pulls the other's default along. */
    private PoolBounds pool(Attributes attributes, PoolBounds otherwise) {
        Optional<Integer> least = attributes.whole("poolMin", 0, MOST_POOLED);
        Optional<Integer> most = attributes.whole("poolMax", 0, MOST_POOLED);
        int max = most.orElse(Math.max(otherwise.max(), least.orElse(0)));
        int min = least.orElse(Math.min(otherwise.min(), max));
        if (min > max) {
            problems.add("The attribute poolMin is " + min + " and poolMax " + max
                    + ". poolMin must not be the larger; poolMax is used for both.");
        }
        return new PoolBounds(Math.min(min, max), max);
    }

    private static Path path(String text, String otherwise) {
        return Path.of(text.isBlank() ? otherwise : text).toAbsolutePath().normalize();
    }
}
