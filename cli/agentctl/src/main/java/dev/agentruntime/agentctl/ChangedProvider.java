package dev.agentruntime.agentctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A credential provider that is to be changed. */
final class ChangedProvider extends GivenProvider {

    @Option(names = "--workload", paramLabel = "NAME",
            description = "A workload identity that may use it, and none that is not named. May be given more than once; otherwise it stays for those that it is for.")
    private List<String> workloads = new ArrayList<>();

    @Option(names = "--all-workloads", description = "From now on all workload identities may use it.")
    private boolean all;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Override
    Optional<List<String>> workloads() {
        if (all && !workloads.isEmpty()) {
            throw new ParameterException(command.commandLine(), "--all-workloads and --workload do not go together.");
        }
        return all ? Optional.of(List.of()) : Optional.of(workloads).filter(names -> !names.isEmpty());
    }
}
