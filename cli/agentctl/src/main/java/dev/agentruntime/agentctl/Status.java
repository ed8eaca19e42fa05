package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RuntimeInfo;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Parameters;

@Command(name = "status", description = "Show which agents there are, and whether they are ready; of one, why it is not.")
final class Status extends ServerAction {

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The agent. Otherwise all.")
    private Optional<String> name = Optional.empty();

    Status(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        if (name.isPresent()) {
            one(client.runtime(runtime(client, name.get())));
            return ExitCode.OK;
        }
        List<RuntimeInfo> all = client.runtimes();
        return list(all, RuntimeInfo::json, new Table("NAME", "STATUS", "SESSIONS", "WAITING", "DIGEST", "REASON"),
                (table, runtime) -> table.row(runtime.name(), runtime.status(), Integer.toString(runtime.liveSessions()), Integer.toString(runtime.pooled()),
                runtime.json().getString("digest", ""), runtime.statusReason()));
    }

    private void one(RuntimeInfo runtime) {
        if (json()) {
            print(runtime.json());
            return;
        }
        out().println("name      " + Text.plain(runtime.name()));
        out().println("status    " + coloured(runtime.status()));
        optional("reason", runtime.statusReason());
        out().println("sessions  " + runtime.liveSessions());
        out().println("waiting   " + runtime.pooled() + (runtime.pooled() == 1 ? " VM" : " VMs"));
        optional("digest", runtime.json().getString("digest", ""));
        optional("start", runtime.json().getString("startMode", ""));
        if (runtime.json().get("log") instanceof JsonArray log && !log.isEmpty()) {
            out().println("log of the guest:");
            log.getValuesAs(JsonString.class).forEach(line -> out().println("  | " + Text.plain(line.getString())));
        }
    }

    private void optional(String what, String value) {
        if (!value.isEmpty()) {
            out().println(what + " ".repeat(10 - what.length()) + Text.plain(value));
        }
    }

    private String coloured(String status) {
        String colour = status.equals("READY") ? "green" : status.endsWith("_FAILED") ? "red" : "yellow";
        return surroundings().colours() ? Ansi.ON.string("@|" + colour + " " + Text.plain(status) + "|@") : Text.plain(status);
    }
}
