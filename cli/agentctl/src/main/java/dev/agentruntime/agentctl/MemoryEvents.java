package dev.agentruntime.agentctl;

import dev.agentruntime.client.MemoryClient;
import dev.agentruntime.client.MemoryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "events", synopsisSubcommandLabel = "COMMAND", subcommands = {MemoryEvents.Listing.class, HelpCommand.class},
        description = "What happened in sessions, as a memory keeps it.")
final class MemoryEvents {

    private MemoryEvents() {}

    @Command(name = "list", description = "Show the latest events of a session, in the order in which they happened: who said what, or the JSON of what is no speech.")
    static final class Listing extends MemoryAction {

        @Parameters(paramLabel = "MEMORY", description = Memory.WHICH)
        private String name;

        @Option(names = "--actor", required = true, paramLabel = "ID", description = "Whose session it is.")
        private String actor;

        @Option(names = "--session", required = true, paramLabel = "ID", description = "The session.")
        private String session;

        @Mixin
        private CountOption most;

        Listing(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) {
            int count = most.count(this);
            List<MemoryEvent> events = new ArrayList<>(memories.events(id(memories, name), actor, session, count));
            Collections.reverse(events);
            return list(events, MemoryEvent::json, new Table("TIME", "BRANCH", "ROLE", "WHAT"),
                    MemoryEvents::rows);
        }
    }
    private static void rows(Table table, MemoryEvent event) {
        String time = event.time().map(Instant::toString).orElse("");
        event.items().forEach(item -> table.row(time, event.branch(), item.role(), item.text()));
    }
}
