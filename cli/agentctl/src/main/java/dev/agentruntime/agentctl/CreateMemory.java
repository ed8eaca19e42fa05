package dev.agentruntime.agentctl;

import dev.agentruntime.client.MemoryClient;
import dev.agentruntime.client.MemoryInfo;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", description = "Make a memory. <memory> in server.xml makes one that every server has.")
final class CreateMemory extends MemoryAction {

    @Parameters(paramLabel = "NAME", description = "Its name: 1 to 48 letters, digits and '_', a letter first.")
    private String name;

    @Option(names = "--event-expiry", paramLabel = "DAYS", defaultValue = "30", description = "After how many days events are removed, 3 to 365. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
    private Optional<String> about = Optional.empty();

    @Option(names = "--strategy", paramLabel = "TYPE", description = "What is made of events: semantic, user-preference, summary or episodic. May be given more than once.")
    private List<String> strategies = new ArrayList<>();

    CreateMemory(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run(MemoryClient memories) {
        JsonObjectBuilder settings = Json.createObjectBuilder().add("name", name).add("eventExpiryDuration", days);
        about.ifPresent(text -> settings.add("description", text));
        if (!strategies.isEmpty()) {
            settings.add("memoryStrategies", StrategyWords.inputs(this, strategies));
        }
        MemoryInfo made = memories.create(settings.build());
        if (json()) {
            print(made.json());
        } else {
            out().println("The memory " + Text.plain(made.name()) + " is made; its id is " + Text.plain(made.id()));
        }
        return ExitCode.OK;
    }
}
