package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.CommandEvent;
import dev.agentruntime.client.CommandRun;
import jakarta.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "exec", description = {"Run a command in a session's VM, by /bin/sh as root of the VM, and end with its exit code.",
    "One argument is a line for the shell; several are a program and its arguments. The VM has BusyBox."})
final class SessionsExec extends SessionAction {

    @Parameters(index = "2..*", arity = "1..*", paramLabel = "COMMAND", description = "The command. Put -- before it where it has options.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "300", description = "After which it is killed, 3600 at most. Default: ${DEFAULT-VALUE}.")
    private int timeout;

    private int exitCode;

    SessionsExec(Surroundings surroundings) {
        super(surroundings);
    }

    /** The command's own code. */
    @Override
    public Integer call() throws Exception {
        super.call();
        return exitCode;
    }

    @Override
    ExitCode run() {
        if (timeout < 1 || timeout > 3600) {
            throw usage("A command has 1 to 3600 seconds, and not " + timeout + ".");
        }
        AgentRuntimeClient client = client();
        String agent = runtime(client, agent());
        LiveSession.check(client, agent, session());
        try (CommandRun run = LiveSession.run(client, agent, session(), Quoted.command(command), Duration.ofSeconds(timeout));
                Cancelling cancelling = Cancelling.of(surroundings(), run::close, "Cancelled: the command is ended.")) {
            for (Optional<CommandEvent> next = run.next(); next.isPresent(); next = run.next()) {
                take(next.get());
                seeThatSomebodyReads("the command is ended.");
            }
        }
        return ExitCode.OK;
    }

    private void take(CommandEvent event) {
        if (event instanceof CommandEvent.Output output) {
            say("stdout", output.text(), surroundings().out());
        } else if (event instanceof CommandEvent.Errors errors) {
            say("stderr", errors.text(), surroundings().err());
        } else if (event instanceof CommandEvent.Ended ended) {
            exitCode = ended.exitCode();
            if (json()) {
                print(Json.createObjectBuilder().add("exitCode", ended.exitCode()).add("timedOut", ended.timedOut()).build());
            } else if (ended.timedOut()) {
                remark("The command was killed after " + timeout + " s.");
            }
        }
    }

    /** As it is: whoever runs a command wants its bytes. */
    private void say(String stream, String text, java.io.PrintStream to) {
        if (json()) {
            print(Json.createObjectBuilder().add(stream, text).build());
        } else {
            to.print(text);
            to.flush();
        }
    }
}
