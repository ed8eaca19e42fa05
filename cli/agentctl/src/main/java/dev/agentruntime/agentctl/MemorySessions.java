package dev.agentruntime.agentctl;

import dev.agentruntime.client.MemoryClient;
import dev.agentruntime.client.MemorySession;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "sessions", synopsisSubcommandLabel = "COMMAND", subcommands = {MemorySessions.Listing.class, HelpCommand.class},
        description = "Sessions that a memory has events of, whether or not they have a virtual machine still.")
final class MemorySessions {

    private MemorySessions() {}

    @Command(name = "list", description = "Show an actor's sessions in a memory, the newest first.")
    static final class Listing extends MemoryAction {

        @Parameters(paramLabel = "MEMORY", description = Memory.WHICH)
        private String name;

        @Option(names = "--actor", required = true, paramLabel = "ID", description = "The actor.")
        private String actor;

        @Mixin
        private CountOption most;

        Listing(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(MemoryClient memories) {
            int count = most.count(this);
            List<MemorySession> sessions = memories.sessions(id(memories, name), actor, count);
            return list(sessions, MemorySession::json, new Table("SESSION", "BEGAN"),
                    (table, session) -> table.row(session.id(), session.createdAt().map(Instant::toString).orElse("")));
        }
    }
}
