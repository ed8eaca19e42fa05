package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The baseline of every start: the guest image booted until the Open Liberty in it is up. An empty state directory makes the
 * driver boot for the agent that comes first; its progress, as that agent's runtime shows it, is looked at every 50 ms. What
 * libvirt takes to create the VM before, and the agent's deployment after, are left out, which makes the baseline shorter than
 * a session's boot would be.
 */
final class ColdBoot implements Benchmark {

    static final String NAME = "cold-boot";
    static final String BOOT = "guest boot until its Open Liberty is up";
    private static final String BOOTING = "booting the guest image";
    private static final String BOOTED = "server has started";
    static final Pattern TEMPLATE = Pattern.compile("The base template \\S+ is ready after (\\d+) ms");
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Path parent;
    private final List<Path> used = new ArrayList<>();

    /** @param parent where state directories can be made that QEMU's user can reach */
    ColdBoot(Path parent) {
        this.parent = parent;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Leaves the server running on the templates of the last boot. */
    @Override
    public void run(Lab lab, Report report) throws IOException {
        List<Long> boots = new ArrayList<>();
        List<Long> templates = new ArrayList<>();
        List<Startup> startups = new ArrayList<>();
        for (int i = 0; i < lab.sizes().boots() && !lab.budget().spent(); i++) {
            if (i > 0) {
                lab.server().close();
            }
            Path state = emptyState();
            long begun = System.nanoTime();
            lab.server().start(Optional.of(state));
            boots.add(boot(lab));
            Progress.say("boot " + (i + 1) + ": " + Unit.TIME.text(boots.get(i)));
            startups.add(Startup.await(lab, begun));
            lab.server().logged(TEMPLATE).map(millis -> Long.parseLong(millis) * 1_000_000).ifPresent(templates::add);
        }
        report.add(Row.of(NAME, BOOT, Figures.of(Unit.TIME, boots))
                .noting("without the VM's creation before and the agent's deployment after"));
        if (!templates.isEmpty()) {
            report.add(Row.of(NAME, "base template made: boot, quiesce, write", Figures.of(Unit.TIME, templates)));
        }
        report.add(Row.of(NAME, Startup.READY, Figures.of(Unit.TIME, startups.stream().map(Startup::readyNanos).toList())));
        report.add(Row.of(NAME, Startup.FILLED, Figures.of(Unit.TIME, startups.stream().map(Startup::filledNanos).toList())));
    }

    private static long boot(Lab lab) {
        await(lab, BOOTING);
        long begun = System.nanoTime();
        await(lab, BOOTED);
        return System.nanoTime() - begun;
    }

    private static void await(Lab lab, String step) {
        while (true) {
            List<Map<String, Object>> views = Server.AGENTS.stream().map(lab::runtime).toList();
            if (views.stream().anyMatch(view -> String.valueOf(view.get("statusReason")).contains(step))) {
                return;
            }
            if (views.stream().noneMatch(view -> "CREATING".equals(view.get("status"))) || lab.budget().spent()) {
                throw new BenchmarkException("The step '" + step + "' was not seen; the agent runtimes say " + views);
            }
            Pause.of(LOOK);
        }
    }

    private Path emptyState() throws IOException {
        removeUsed();
        Path state = Files.createTempDirectory(parent, "agrt-bench");
        used.add(state);
        return state;
    }

    /** Removes the state directories again; the server that uses them must have ended. */
    void removeUsed() throws IOException {
        for (Path state : used) {
            try (var files = Files.walk(state)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        used.clear();
    }
}
