package dev.agentruntime.agentctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

@Command(name = "sessions", synopsisSubcommandLabel = "COMMAND",
        subcommands = {SessionsList.class, SessionsShow.class, SessionsStop.class, SessionsUsage.class, SessionsLogs.class, SessionsExec.class,
            SessionsShell.class, SessionsCopy.class, SessionsFork.class, SessionsHibernate.class, SessionsResume.class, HelpCommand.class},
        description = "Look at sessions, end them, and work in their virtual machines.")
final class Sessions {

    private Sessions() {}
}
