package dev.agentruntime.agentctl;

import dev.agentruntime.client.MemoryClient;
import dev.agentruntime.client.MemoryInfo;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "memory", synopsisSubcommandLabel = "COMMAND",
        subcommands = {Memory.Listing.class, Memory.Show.class, CreateMemory.class, UpdateMemory.class, Memory.Delete.class, MemoryActors.class, MemorySessions.class,
            MemoryEvents.class, MemoryRecords.class, HelpCommand.class},
        description = "What agents remember between sessions. The server needs the feature usr:agentMemory-1.0.")
final class Memory {

    static final String WHICH = "The memory, its name or its id. Who is no administrator says the id.";

    private Memory() {}

    @Command(name = "list", description = "Show all memories.")
    static final class Listing extends MemoryAction {

        Listing(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) {
            List<MemoryInfo> all = memories.memories();
            return list(all, MemoryInfo::json, new Table("MEMORY", "ID", "STATUS", "CHANGED"),
                    (table, memory) -> table.row(memory.name(), memory.id(), memory.status(), memory.updatedAt().map(Instant::toString).orElse("")));
        }
    }

    @Command(name = "show", description = "Show a memory, and its strategies.")
    static final class Show extends MemoryAction {

        @Parameters(paramLabel = "MEMORY", description = WHICH)
        private String name;

        Show(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) {
            MemoryInfo memory = memories.memory(id(memories, name));
            if (json()) {
                print(memory.json());
                return ExitCode.OK;
            }
            new Facts().add("memory", memory.name()).add("id", memory.id()).add("status", memory.status()).add("about", memory.description())
                    .add("events kept", memory.expiryDays() + " days")
                    .add("strategies", memory.strategies().stream().map(Show::strategy).collect(Collectors.joining(", ")))
                    .add("changed in", memory.readOnly() ? "server.xml" : "").add("made", memory.createdAt()).add("changed", memory.updatedAt()).print(out());
            return ExitCode.OK;
        }

        private static String strategy(JsonObject strategy) {
            return strategy.getString("name", "") + " (" + strategy.getString("type", "") + ")";
        }
    }

    @Command(name = "delete", description = "Delete a memory with all that is in it.")
    static final class Delete extends MemoryAction {

        @Parameters(paramLabel = "MEMORY", description = WHICH)
        private String name;

        @Mixin
        private Agreement agreement;

        Delete(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) throws IOException {
            MemoryInfo memory = memories.memory(id(memories, name));
            if (memory.readOnly()) {
                throw new Problem(ExitCode.CONFLICT, "The memory " + memory.name() + " is in server.xml, and is changed there.");
            }
            agreement.seek(surroundings(), json(), "Delete the memory " + memory.name() + " with all that is in it?", memory.name());
            memories.delete(memory.id());
            if (json()) {
                print(Json.createObjectBuilder().add("name", memory.name()).add("id", memory.id()).add("deleted", true).build());
            } else {
                out().println("The memory " + Text.plain(memory.name()) + " is being deleted");
            }
            return ExitCode.OK;
        }
    }
}
