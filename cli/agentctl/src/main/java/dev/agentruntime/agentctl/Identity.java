package dev.agentruntime.agentctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

@Command(name = "identity", synopsisSubcommandLabel = "COMMAND", subcommands = {Workloads.class, CredentialProviders.class, Grants.class, HelpCommand.class},
        description = "For whom agents act, and the credentials for what they call. The server needs the feature usr:agentIdentity-1.0.")
final class Identity {

    private Identity() {}
}
