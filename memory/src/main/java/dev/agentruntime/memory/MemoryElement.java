package dev.agentruntime.memory;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import java.time.Clock;
import java.util.Map;
import java.util.logging.Logger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/** One {@code <memory>} beside {@code <agentRuntime>}. */
@Component(configurationPid = "memory", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
public final class MemoryElement {

    private static final Logger LOG = Logger.getLogger(MemoryElement.class.getName());
    private static final Metatype METATYPE = Metatype.of(MemoryElement.class);

    private final ConfiguredMemories memories;
    private final String pid;

    /** Puts the memory among the others. */
    @Activate
    public MemoryElement(@Reference ConfiguredMemories memories, Map<String, Object> properties) {
        this.memories = memories;
        this.pid = String.valueOf(properties.get("service.pid"));
        modified(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        Attributes element = Attributes.of("memory", properties);
        MemoryReader.read(element, Clock.systemUTC().instant()).ifPresentOrElse(memory -> put(element, memory), () -> memories.remove(pid));
        METATYPE.check(element, "memory");
        element.problems().forEach(problem -> MemoryMessage.CONFIG_PROBLEM.log(LOG, problem));
    }

    private void put(Attributes element, MemoryRow memory) {
        if (memories.isTaken(pid, memory.id())) {
            element.problem("There is another <memory name=\"" + memory.name() + "\">, and one of them is served only. Give each a name of its own.");
        }
        memories.put(pid, memory);
        MemoryMessage.CONFIGURED.log(LOG, memory.id(), MemoryReader.text(memory));
    }

    @Deactivate
    void deactivate() {
        memories.remove(pid);
    }
}
