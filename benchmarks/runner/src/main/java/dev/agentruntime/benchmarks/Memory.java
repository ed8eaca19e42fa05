package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a session's QEMU holds, as the kernel counts it: its own pages (USS), and with its share of common ones (PSS). */
final class Memory implements Benchmark {

    private static final String NAME = "memory";
    private static final int REQUESTS = 50;
    private static final Duration REST = Duration.ofSeconds(10);
    private static final long GUEST_BYTES = 1L << 30;

    /** Bytes. */
    record Held(long own, long withShare) {

        static Held of(List<String> smapsRollup) {
            return new Held(bytes(smapsRollup, "Private_Clean:") + bytes(smapsRollup, "Private_Dirty:"), bytes(smapsRollup, "Pss:"));
        }

        private static long bytes(List<String> lines, String name) {
            return lines.stream().filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.substring(name.length()).replace("kB", "").strip()) * 1024)
                    .findFirst().orElseThrow(() -> new BenchmarkException("smaps_rollup does not tell " + name));
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        List<String> sessions = lab.begin(lab.sizes().memories());
        try {
            List<Long> processes = new ArrayList<>();
            for (String session : sessions) {
                processes.add(VmProcess.of(lab.api().session("hello", session).vm()).pid());
            }
            lab.fillPools();
            tell("waiting for a session", VmProcess.ofTheServerOf(lab.api().session("hello", sessions.get(0)).vm()).stream()
                    .map(VmProcess::pid).filter(pid -> !processes.contains(pid)).toList(), report);
            tell("after the first answer", processes, report);
            for (String session : sessions) {
                try (RawHttp http = lab.api().connect()) {
                    for (int i = 0; i < REQUESTS; i++) {
                        lab.api().greet(http, session);
                    }
                }
            }
            tell("after " + REQUESTS + " more", processes, report);
            Pause.of(REST);
            tell("idle for " + REST.toSeconds() + " s", processes, report);
        } finally {
            lab.end("hello", sessions);
        }
    }

    private static void tell(String when, List<Long> processes, Report report) throws IOException {
        Row guest = Row.of(NAME, "the guest's memory as configured", Figures.of(Unit.BYTES, GUEST_BYTES));
        List<Held> held = new ArrayList<>();
        for (long process : processes) {
            held.add(Held.of(Files.readAllLines(Path.of("/proc/" + process + "/smaps_rollup"))));
        }
        report.add(Row.of(NAME, "own pages (USS), " + when, Figures.of(Unit.BYTES, held.stream().map(Held::own).toList())).against(guest));
        report.add(Row.of(NAME, "PSS, " + when, Figures.of(Unit.BYTES, held.stream().map(Held::withShare).toList())).against(guest)
                .noting("of " + processes.size() + " VMs, besides whatever else maps their templates"));
    }
}
