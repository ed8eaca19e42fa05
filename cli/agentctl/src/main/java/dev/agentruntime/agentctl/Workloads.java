package dev.agentruntime.agentctl;

import dev.agentruntime.client.IdentityClient;
import dev.agentruntime.client.WorkloadInfo;
import jakarta.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "workloads", synopsisSubcommandLabel = "COMMAND",
        subcommands = {Workloads.Listing.class, Workloads.Show.class, Workloads.Create.class, Workloads.Update.class, Workloads.Delete.class, HelpCommand.class},
        description = "Workload identities: who acts. Each agent has one of its own name; others are for applications that are no agents.")
final class Workloads {

    private Workloads() {}

    @Command(name = "list", description = "Show all workload identities, those of agents too.")
    static final class Listing extends IdentityAction {

        Listing(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) {
            List<WorkloadInfo> all = identities.workloads();
            return list(all, WorkloadInfo::json, new Table("WORKLOAD", "ARN"),
                    (table, workload) -> table.row(workload.name(), workload.arn()));
        }
    }

    @Command(name = "show", description = "Show a workload identity.")
    static final class Show extends IdentityAction {

        @Parameters(paramLabel = "NAME", description = "The workload identity.")
        private String name;

        Show(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) {
            WorkloadInfo workload = identities.workload(name);
            if (json()) {
                print(workload.json());
                return ExitCode.OK;
            }
            new Facts().add("workload", workload.name()).add("ARN", workload.arn()).add("return URLs", String.join(", ", workload.returnUrls()))
                    .add("made", workload.createdAt()).add("changed", workload.updatedAt()).print(out());
            return ExitCode.OK;
        }
    }

    @Command(name = "create", description = "Make a workload identity for an application that is no agent.")
    static final class Create extends IdentityAction {

        @Parameters(paramLabel = "NAME", description = "Its name: 3 to 255 letters, digits, '_', '.' and '-'.")
        private String name;

        @Option(names = "--return-url", paramLabel = "URL", description = "To which users may be sent back after they have consented. May be given more than once.")
        private List<String> returnUrls = new ArrayList<>();

        Create(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) {
            WorkloadInfo made = identities.createWorkload(name, returnUrls);
            if (json()) {
                print(made.json());
            } else {
                out().println("The workload identity " + Text.plain(made.name()) + " is made");
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "update", description = "Change to which URLs users may be sent back after they have consented. An agent's workload identity is changed so too.")
    static final class Update extends IdentityAction {

        @Parameters(paramLabel = "NAME", description = "The workload identity.")
        private String name;

        @Option(names = "--return-url", paramLabel = "URL", description = "A URL, and none that is not named. May be given more than once.")
        private List<String> returnUrls = new ArrayList<>();

        @Option(names = "--no-return-urls", description = "Users may be sent back nowhere.")
        private boolean none;

        Update(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) {
            if (none != returnUrls.isEmpty()) {
                throw usage("Say each --return-url that there is to be from now on, or --no-return-urls.");
            }
            WorkloadInfo changed = identities.updateWorkload(name, returnUrls);
            if (json()) {
                print(changed.json());
            } else {
                out().println("The workload identity " + Text.plain(changed.name()) + " is changed");
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "delete", description = "Delete a workload identity, with the grants that users have given it. An agent's goes with its agent.")
    static final class Delete extends IdentityAction {

        @Parameters(paramLabel = "NAME", description = "The workload identity.")
        private String name;

        @Mixin
        private Agreement agreement;

        Delete(Surroundings surroundings) {
            super(surroundings);
        }

        @Override
        ExitCode run(IdentityClient identities) throws IOException {
            String known = identities.workload(name).name();
            agreement.seek(surroundings(), json(), "Delete the workload identity " + known + " with all grants that it has?", known);
            identities.deleteWorkload(known);
            if (json()) {
                print(Json.createObjectBuilder().add("name", known).add("deleted", true).build());
            } else {
                out().println("The workload identity " + Text.plain(known) + " is deleted");
            }
            return ExitCode.OK;
        }
    }
}
