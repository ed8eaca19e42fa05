package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Runs the benchmarks: {@code Main REPOSITORY [options]}. Expects what the script {@code benchmarks/run} prepares. */
public final class Main {

    private static final Pattern HYPERVISOR = Pattern.compile("AGRT1001I: Virtual machines: (.*)");
    private static final List<Benchmark> ON_THE_SERVER =
            List.of(new Starts(), new Warm(), new Transfer(), new Outbound(), new Streams(), new FrameDelay(), new Memory(), new Idle(),
                    new Deploy(), new Logs(), new Rest(), new Restart(), new Rungs(), new Trouble());

    private Main() {}

    /** Exits with 0 when nothing failed, 1 when a benchmark did, 2 for a wrong command line, 3 when something is worse than in the run it compares with. */
    public static void main(String[] arguments) throws IOException {
        Options options;
        try {
            options = Options.of(Path.of(arguments[0]), Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Files.createDirectories(options.work());
        Map<String, String> machine = Machine.describe();
        machine.put("load before", Machine.load());
        Report report = new Report(options.sizes().name());
        Lab lab = new Lab(new Api(options.work()), new Server(options), options.sizes(), Budget.of(options.bound()));
        ColdBoot coldBoot = new ColdBoot(Path.of("/var/tmp"));
        Thread farewell = new Thread(() -> leave(lab.server(), coldBoot));
        Runtime.getRuntime().addShutdownHook(farewell);
        measure(options, lab, coldBoot, report);
        lab.server().logged(HYPERVISOR).ifPresent(text -> machine.put("virtual machines", text));
        machine.put("load after", Machine.load());
        Writer writer = new Writer(report, machine, Machine.busy(machine.get("load before")), Instant.now());
        Optional<Comparison> comparison = options.earlier().map(earlier -> Comparison.of(earlier, report.rows()));
        String people = writer.markdown() + comparison.map(one -> "\n" + one.markdown(report.mode())).orElse("");
        Files.writeString(options.results().resolve("results.json"), writer.json());
        Files.writeString(options.results().resolve("results.md"), people);
        Progress.step("Results");
        System.out.println(people);
        System.exit(status(report, comparison));
    }

    private static int status(Report report, Optional<Comparison> comparison) {
        if (report.gaps().stream().anyMatch(gap -> gap.cause() == Report.Gap.Cause.FAILED)) {
            return 1;
        }
        return comparison.isPresent() && !comparison.get().worse().isEmpty() ? 3 : 0;
    }

    private static void measure(Options options, Lab lab, ColdBoot coldBoot, Report report) {
        boolean serverWanted = ON_THE_SERVER.stream().anyMatch(options::wants)
                || options.wants(ColdBoot.NAME);
        if (serverWanted) {
            attempt("server", report, () -> {
                Progress.step("Server on port " + Server.PORT);
                lab.server().close();
                begin(options, lab, coldBoot, report);
                Progress.step("Agents");
                lab.awaitReady("hello");
                lab.awaitReady("bench");
                lab.fillPools();
                ON_THE_SERVER.forEach(benchmark -> attempt(benchmark, options, lab, report));
            });
            lab.server().close();
        }
        attempt(new Population(), options, lab, report);
        List.of(new Front(options), new Rates(options), new FirstStart(options), new Crowd(options))
                .forEach(benchmark -> attempt(benchmark, options, lab, report));
    }

    private static void begin(Options options, Lab lab, ColdBoot coldBoot, Report report) throws IOException {
        if (options.sizes().boots() > 0 && options.wants(ColdBoot.NAME)) {
            Progress.step(ColdBoot.NAME);
            coldBoot.run(lab, report);
        } else {
            report.leftOut(ColdBoot.NAME, "a " + options.sizes().name()
                    + " run uses the templates that are cached; without --quick the guest is booted");
            lab.server().start(Optional.empty());
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void attempt(Benchmark benchmark, Options options, Lab lab, Report report) {
        if (!options.wants(benchmark)) {
            return;
        }
        Progress.step(benchmark.name());
        if (lab.budget().spent()) {
            report.leftOut(benchmark.name(), "no time was left; see --limit");
            return;
        }
        attempt(benchmark.name(), report, () -> benchmark.run(lab, report));
    }

    /** One benchmark's failure leaves the others their turn. */
    private static void attempt(String name, Report report, Work work) {
        try {
            work.run();
        } catch (IOException | RuntimeException | LinkageError e) {
            report.failed(name, e.toString());
        }
    }

    private static void leave(Server server, ColdBoot coldBoot) {
        try {
            server.close();
            coldBoot.removeUsed();
        } catch (IOException e) {
            throw new UncheckedIOException("Something of the benchmark is left in /var/tmp", e);
        }
    }
}
