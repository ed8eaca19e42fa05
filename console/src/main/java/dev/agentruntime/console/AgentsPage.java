package dev.agentruntime.console;

import dev.agentruntime.api.AgentRuntimeView;
import java.util.List;
import java.util.Optional;

/** The agents of the server. */
final class AgentsPage {

    private final Frame frame;

    AgentsPage(Frame frame) {
        this.frame = frame;
    }

    String of(List<AgentRuntimeView> agents) {
        return frame.page(Place.AGENTS.title(), Optional.of(Place.AGENTS), html -> {
            if (agents.isEmpty()) {
                html.with("p", "There is none yet. Put a WAR into agents/dropins, or deploy one with agentctl.");
                return;
            }
            html.open("div", "class", "wide").open("table");
            Frame.heads(html, "Agents by name", "Agent", "State", "Reason", "Version", "Starts by", "Sessions with a VM", "VMs that wait");
            html.open("tbody");
            agents.forEach(agent -> row(html, agent));
            html.close().close().close();
            agents.stream().filter(agent -> !agent.log().isEmpty()).forEach(agent -> log(html, agent));
        });
    }

    private void row(Html html, AgentRuntimeView agent) {
        html.open("tr").open("th", "scope", "row")
                .with("a", agent.name(), "href", frame.root() + "/sessions?" + Fields.encoded("agent", agent.name())).close()
                .with("td", Words.of(agent.status()).replace('_', ' ')).with("td", agent.statusReason()).with("td", agent.digest().orElse(""))
                .with("td", agent.startMode().map(Words::of).orElse("")).with("td", Integer.toString(agent.liveSessions()))
                .with("td", Integer.toString(agent.pooled())).close();
    }

    private static void log(Html html, AgentRuntimeView agent) {
        html.with("h2", "Why " + agent.name() + " is not ready").with("pre", String.join("\n", agent.log()));
    }
}
