package dev.agentruntime.agentctl;

import dev.agentruntime.client.MemoryClient;
import dev.agentruntime.client.MemoryRecord;
import jakarta.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "records", synopsisSubcommandLabel = "COMMAND",
        subcommands = {MemoryRecords.Listing.class, MemoryRecords.Search.class, MemoryRecords.Delete.class, HelpCommand.class},
        description = "What a memory knows. Who is no administrator is told of its own records only.")
final class MemoryRecords {

    private MemoryRecords() {}

    /** Which part of a memory is meant. */
    static final class Part {

        @Parameters(index = "0", paramLabel = "MEMORY", description = Memory.WHICH)
        private String name;

        @Option(names = "--path", paramLabel = "NAMESPACE", description = "Only what is at this path of namespaces, and below: /actors/alice.")
        private Optional<String> path = Optional.empty();

        @Mixin
        private CountOption most;
    }

    private static ExitCode show(Action action, List<MemoryRecord> records) {
        return action.list(records, MemoryRecord::json, new Table("TIME", "NAMESPACE", "RECORD", "WHAT"), (table, record) -> table.row(
                record.time().map(Instant::toString).orElse(""), String.join(", ", record.namespaces()), record.id(), record.text()));
    }

    @Command(name = "list", description = "Show records.")
    static final class Listing extends MemoryAction {

        @Mixin
        private Part part;

        Listing(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) {
            int count = part.most.count(this);
            return show(this, memories.records(id(memories, part.name), part.path.orElse(""), count));
        }
    }

    @Command(name = "search", description = "Show the records that have the most words in common with a question, the best first.")
    static final class Search extends MemoryAction {

        private static final int MOST = 100;

        @Mixin
        private Part part;

        @Parameters(index = "1", paramLabel = "QUESTION", description = "What is looked for.")
        private String question;

        Search(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) {
            int count = part.most.count(this);
            if (count > MOST) {
                throw usage("Of the best there are " + MOST + " at most, and not " + count + ".");
            }
            return show(this, memories.search(id(memories, part.name), question, part.path.orElse(""), count));
        }
    }

    @Command(name = "delete", description = "Delete a record.")
    static final class Delete extends MemoryAction {

        @Parameters(index = "0", paramLabel = "MEMORY", description = Memory.WHICH)
        private String name;

        @Parameters(index = "1", paramLabel = "RECORD", description = "The record's id, as the list has it.")
        private String record;

        @Mixin
        private Agreement agreement;

        Delete(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) throws IOException {
            String id = id(memories, name);
            agreement.seek(surroundings(), json(), "Delete the record " + record + " of the memory " + name + "?", record);
            memories.deleteRecord(id, record);
            if (json()) {
                print(Json.createObjectBuilder().add("memoryRecordId", record).add("deleted", true).build());
            } else {
                out().println("The record is deleted");
            }
            return ExitCode.OK;
        }
    }
}
