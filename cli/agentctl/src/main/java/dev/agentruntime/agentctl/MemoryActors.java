package dev.agentruntime.agentctl;

import dev.agentruntime.client.MemoryClient;
import jakarta.json.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "actors", synopsisSubcommandLabel = "COMMAND", subcommands = {MemoryActors.Listing.class, HelpCommand.class},
        description = "Of whom a memory has something. Who is no administrator is its only actor.")
final class MemoryActors {

    private MemoryActors() {}

    @Command(name = "list", description = "Show the actors that have sessions in a memory.")
    static final class Listing extends MemoryAction {

        @Parameters(paramLabel = "MEMORY", description = Memory.WHICH)
        private String name;

        @Mixin
        private CountOption most;

        Listing(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) {
            int count = most.count(this);
            List<String> actors = memories.actors(id(memories, name), count);
            return list(actors, actor -> Json.createObjectBuilder().add("actorId", actor).build(), new Table("ACTOR"),
                    (table, actor) -> table.row(actor));
        }
    }
}
