package dev.agentruntime.agents;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.spi.AgentPaths;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the {@code <agent>} elements; one with a wrong name or location is told of and left out. */
final class AgentElements {

    private static final long SMALLEST_MEMORY = 768L << 20;
    private static final long LARGEST_MEMORY = 64L << 30;
    private static final String SHARING = "sharing";

    static final List<String> ATTRIBUTES = Metatype.of(AgentElements.class).names("agentRuntime.agent");

    private AgentElements() {}

    static List<AgentConfig> read(Attributes own, Path directory, PoolBounds pool) {
        Map<String, AgentConfig> agents = new LinkedHashMap<>();
        own.nested("agent").forEach(element -> agent(element, directory, pool).ifPresent(agent -> {
            if (agents.putIfAbsent(agent.name(), agent) != null) {
                own.problem("There are two <agent> elements of the name " + agent.name()
                        + "; the second is left out. Give each its own name.");
            }
        }));
        return List.copyOf(agents.values());
    }

    static long memory(Attributes element, String attribute) {
        return element.bytes(attribute, 1L << 30, SMALLEST_MEMORY, LARGEST_MEMORY);
    }

    private static Optional<AgentConfig> agent(Attributes element, Path directory, PoolBounds pool) {
        element.nothingBut(ATTRIBUTES);
        String name = element.text("name", "");
        String location = element.text("location", name + ".war");
        Optional<String> problem = AgentConfig.nameProblem(name);
        if (problem.isPresent()) {
            element.problem("The attribute name of an <agent> element, whose location is " + location + ": " + problem.get()
                    + " The element is left out.");
            return Optional.empty();
        }
        try {
            Path war = directory.resolve(location).normalize();
            Sharing sharing = sharing(element);
            return Optional.of(new AgentConfig(name, war, memory(element, "memory"), element.whole("vcpus", 1, 1, 16),
                    sharing == Sharing.TENANT ? noPool(element, name) : ownPool(element, pool), sharing, paths(element),
                    element.oneOf("passToken", "false", List.of("true", "false")).equals("true"), features(element)));
        } catch (InvalidPathException e) {
            element.problem("The attribute location of <agent name=\"" + name + "\"> is no path: " + e.getMessage()
                    + ". The element is left out.");
            return Optional.empty();
        }
    }

    /** Which names are features of the guest is known to the driver, which says so where one is not. */
    private static List<String> features(Attributes element) {
        return Stream.of(element.text("features", "").split("[,\\s]+")).filter(name -> !name.isEmpty()).distinct().toList();
    }

    private static AgentPaths paths(Attributes element) {
        return new AgentPaths(path(element, "pingPath", AgentPaths.STANDARD.ping()), path(element, "invocationsPath", AgentPaths.STANDARD.invocations()));
    }

    private static String path(Attributes element, String attribute, String otherwise) {
        String text = element.text(attribute, otherwise);
        if (AgentPaths.isPath(text)) {
            return text;
        }
        element.problem("The attribute " + attribute + " of <agent name=\"" + element.text("name", "") + "\"> is '" + text + "'. It must be a path of the WAR that begins"
                + " with one slash, such as /api/orders, percent-encoded, 256 characters at most. The default of " + otherwise + " is used.");
        return otherwise;
    }

    /** What cannot be read keeps tenants apart: somebody wanted something. */
    private static Sharing sharing(Attributes element) {
        String text = element.text(SHARING, "version");
        boolean mistyped = element.isMistyped(SHARING);
        if (text.equals("version") && !mistyped) {
            return Sharing.VERSION;
        }
        if (mistyped || !text.equals("tenant")) {
            element.problem("The attribute " + SHARING + " of " + element.shown() + (mistyped ? " seems to be mistyped." : " is '" + text + "'. It must be one of"
                    + " version, tenant.") + " Until it is corrected the agent's tenants are kept apart.");
        }
        return Sharing.TENANT;
    }

    private static Optional<PoolBounds> noPool(Attributes element, String name) {
        if (PoolBounds.areSet(element)) {
            element.problem("The attributes poolMin and poolMax of <agent " + name + "> are passed over: its sharing is 'tenant', and"
                    + " a VM that waits belongs to no tenant yet. Leave both out, or set sharing to version.");
        }
        return Optional.empty();
    }

    private static Optional<PoolBounds> ownPool(Attributes element, PoolBounds platform) {
        return PoolBounds.areSet(element) ? Optional.of(PoolBounds.read(element, platform)) : Optional.empty();
    }
}
