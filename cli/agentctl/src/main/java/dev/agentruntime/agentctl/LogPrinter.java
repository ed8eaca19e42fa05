package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.LogLine;
import dev.agentruntime.client.LogReader;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** Prints a session's log. */
record LogPrinter(AgentRuntimeClient client, Surroundings surroundings, boolean json) {

    void print(String agent, String session, int lines, boolean follow) {
        if (!follow) {
            client.log(agent, session, lines).forEach(this::print);
            return;
        }
        try (LogReader log = client.follow(agent, session, lines, Optional.empty())) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                print(line.get());
                surroundings.out().flush();
                if (surroundings.out().checkError()) {
                    return; // nobody reads any more
                }
            }
        }
        if (!json) {
            surroundings.err().println("The session has ended.");
        }
    }

    private void print(LogLine line) {
        if (json) {
            surroundings.out().println(line.json());
            return;
        }
        String text = line.time() + " " + line.source() + " " + Text.plain(line.text());
        String colour = line.severity().equals("error") ? "red" : line.severity().equals("warning") ? "yellow" : "";
        // The text is the agent's, and may have what would be markup.
        surroundings.out().println(colour.isEmpty() || !surroundings.colours() ? text
                : Ansi.ON.string("@|" + colour + " BEGIN|@").replace("BEGIN", text));
    }
}
