package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RuntimeInfo;
import dev.agentruntime.client.SessionInfo;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "usage", description = {"Add up what sessions that you may see have used: those that live, and those that ended within a day,"
    + " of which the server shows 1,000 of an agent."})
final class UsageReport extends ServerAction {

    /** By what it is added up. A session counts for the day on which it began, in UTC. */
    enum By { AGENT, SUBJECT, DAY }

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The agent. Otherwise all.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--by", paramLabel = "agent|subject|day", defaultValue = "AGENT", description = "By what to add up. Default: agent.")
    private By by;

    @Option(names = "--csv", description = "Print comma-separated values.")
    private boolean csv;

    UsageReport(Surroundings surroundings) {
        super(surroundings);
    }

    private static final class Sum {
        private long sessions;
        private long calls;
        private BigDecimal cpu = BigDecimal.ZERO;
        private BigDecimal memory = BigDecimal.ZERO;

        void add(SessionInfo session) {
            sessions++;
            calls += session.invocations();
            cpu = cpu.add(session.cpuSeconds());
            memory = memory.add(session.memoryGbSeconds());
        }
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        Map<String, Sum> sums = new TreeMap<>();
        List<String> agents = name.map(one -> List.of(runtime(client, one))).orElseGet(() -> client.runtimes().stream().map(RuntimeInfo::name).toList());
        agents.forEach(agent -> client.sessions(agent).forEach(session -> sums.computeIfAbsent(key(session), key -> new Sum()).add(session)));
        Optional<Cost> cost = Cost.of(Settings.of(new Folders(surroundings()).settings()));
        if (json()) {
            sums.forEach((key, sum) -> json(key, sum, cost));
        } else {
            table(sums, cost);
        }
        return ExitCode.OK;
    }

    private String key(SessionInfo session) {
        return switch (by) {
            case AGENT -> session.runtime();
            case SUBJECT -> session.subject();
            case DAY -> LocalDate.ofInstant(session.createdAt(), ZoneOffset.UTC).toString();
        };
    }

    private void json(String key, Sum sum, Optional<Cost> cost) {
        JsonObjectBuilder line = Json.createObjectBuilder().add(by.name().toLowerCase(Locale.ROOT), key).add("sessions", sum.sessions)
                .add("invocations", sum.calls).add("cpuSeconds", sum.cpu).add("memoryGbSeconds", sum.memory);
        cost.ifPresent(prices -> line.add("cost", prices.of(sum.cpu, sum.memory)));
        print(line.build());
    }

    private void table(Map<String, Sum> sums, Optional<Cost> cost) {
        List<String> headings = new ArrayList<>(csv ? List.of(by.name().toLowerCase(Locale.ROOT), "sessions", "invocations", "cpuSeconds", "memoryGbSeconds")
                : List.of(by.name(), "SESSIONS", "CALLS", "CPU s", "GB s"));
        cost.ifPresent(prices -> headings.add(csv ? "cost" : "COST"));
        List<String[]> rows = new ArrayList<>();
        sums.forEach((key, sum) -> {
            List<String> row = new ArrayList<>(List.of(key, Long.toString(sum.sessions), Long.toString(sum.calls),
                    csv ? sum.cpu.toPlainString() : Text.number(sum.cpu), csv ? sum.memory.toPlainString() : Text.number(sum.memory)));
            cost.ifPresent(prices -> row.add(prices.of(sum.cpu, sum.memory).toPlainString()));
            rows.add(row.toArray(String[]::new));
        });
        if (csv) {
            out().println(Csv.line(headings.toArray(String[]::new)));
            rows.forEach(row -> out().println(Csv.line(row)));
        } else {
            Table table = new Table(headings.toArray(String[]::new));
            rows.forEach(table::row);
            table.print(out());
        }
    }
}
