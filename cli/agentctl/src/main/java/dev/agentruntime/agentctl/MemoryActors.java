package dev.agentruntime.agentctl;

import dev.agentruntime.client.MemoryClient;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "actors", synopsisSubcommandLabel = "COMMAND", subcommands = {MemoryActors.Listing.class, MemoryActors.Delete.class, HelpCommand.class},
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

    @Command(name = "delete", description = "Delete all that a memory has of an actor, its events and its records, at once.")
    static final class Delete extends MemoryAction {

        @Parameters(index = "0", paramLabel = "MEMORY", description = Memory.WHICH)
        private String name;

        @Parameters(index = "1", paramLabel = "ACTOR", description = "The actor's id.")
        private String actor;

        @Mixin
        private Agreement agreement;

        Delete(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) throws IOException {
            String id = id(memories, name);
            agreement.seek(surroundings(), json(), "Delete all that the memory " + name + " has of " + actor + "?", actor);
            JsonObject deleted = memories.deleteActor(id, actor);
            if (json()) {
                print(deleted);
            } else {
                out().println("What the memory had of " + Text.plain(actor) + " is deleted: events " + deleted.getInt("deletedEvents", 0)
                        + ", records " + deleted.getInt("deletedRecords", 0));
            }
            return ExitCode.OK;
        }
    }
}
