package dev.agentruntime.agentctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = {"Print a script that has bash and zsh complete agentctl's command lines.",
    "For this shell: source <(agentctl completion)"})
final class Completion extends Action {

    @Spec
    private CommandSpec own;

    Completion(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        out().print(Agentctl.completionScript(own.root().commandLine()));
        return ExitCode.OK;
    }
}
