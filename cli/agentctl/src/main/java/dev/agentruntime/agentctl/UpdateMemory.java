package dev.agentruntime.agentctl;

import dev.agentruntime.client.MemoryClient;
import dev.agentruntime.client.MemoryInfo;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "update", description = "Change a memory. What is left out stays as it is.")
final class UpdateMemory extends MemoryAction {

    @Parameters(paramLabel = "MEMORY", description = Memory.WHICH)
    private String name;

    @Option(names = "--event-expiry", paramLabel = "DAYS", description = "After how many days events are removed that are written from now on, 3 to 365.")
    private Optional<Integer> days = Optional.empty();

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private Optional<String> about = Optional.empty();

    @Option(names = "--add-strategy", paramLabel = "TYPE", description = "semantic, user-preference, summary or episodic. May be given more than once.")
    private List<String> added = new ArrayList<>();

    @Option(names = "--remove-strategy", paramLabel = "NAME", description = "A strategy that it has, by its name. Its records stay. May be given more than once.")
    private List<String> removed = new ArrayList<>();

    UpdateMemory(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run(MemoryClient memories) {
        JsonObjectBuilder change = Json.createObjectBuilder();
        days.ifPresent(number -> change.add("eventExpiryDuration", number));
        about.ifPresent(text -> change.add("description", text));
        JsonObjectBuilder strategies = Json.createObjectBuilder();
        if (!added.isEmpty()) {
            strategies.add("addMemoryStrategies", StrategyWords.inputs(this, added));
        }
        if (days.isEmpty() && about.isEmpty() && added.isEmpty() && removed.isEmpty()) {
            throw usage("Nothing is to be changed. Say --event-expiry, --description, --add-strategy or --remove-strategy.");
        }
        String id = id(memories, name);
        if (!removed.isEmpty()) {
            strategies.add("deleteMemoryStrategies", deleted(memories.memory(id)));
        }
        JsonObject both = strategies.build();
        MemoryInfo changed = memories.update(id, both.isEmpty() ? change.build() : change.add("memoryStrategies", both).build());
        if (json()) {
            print(changed.json());
        } else {
            out().println("The memory " + Text.plain(changed.name()) + " is changed");
        }
        return ExitCode.OK;
    }

    /** Requests name them by their ids. */
    private JsonArrayBuilder deleted(MemoryInfo memory) {
        JsonArrayBuilder ids = Json.createArrayBuilder();
        for (String strategy : removed) {
            JsonObject known = memory.strategies().stream().filter(one -> one.getString("name", "").equals(strategy)).findFirst().orElseThrow(() -> new Problem(
                    ExitCode.NOT_FOUND, "The memory " + memory.name() + " has no strategy " + strategy + ". 'agentctl memory show' names those that it has."));
            ids.add(Json.createObjectBuilder().add("memoryStrategyId", known.getString("strategyId", "")));
        }
        return ids;
    }
}
