package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.CommandEvent;
import dev.agentruntime.client.CommandRun;
import dev.agentruntime.client.SessionInfo;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "resume", description = {"Wake a session that is paused or on the disk, as its next request would: by a command in its VM that does nothing.",
    "It rests again once it has had nothing to do for as long as the server's settings say."})
final class SessionsResume extends SessionAction {

    private static final String NOTHING = ":";
    private static final Duration TIME = Duration.ofSeconds(60);

    SessionsResume(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        String agent = runtime(client, agent());
        LiveSession.check(client, agent, session());
        try (CommandRun run = LiveSession.run(client, agent, session(), NOTHING, TIME)) {
            for (Optional<CommandEvent> next = run.next(); next.isPresent(); next = run.next()) {
                // It says nothing; its end says that the VM runs.
            }
        }
        SessionInfo awake = client.session(agent, session());
        if (json()) {
            print(awake.json());
        } else {
            out().println(session() + " is awake" + (awake.vm().isEmpty() ? "" : ", in its VM " + Text.plain(awake.vm())));
        }
        return ExitCode.OK;
    }
}
