package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.Exchanges.Arrival;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How long an event takes from being made in the VM to the caller. The VM's clock is compared with the host's by questions
 * and answers, of which the quickest counts; the pace of arrival needs no clock and is told beside it.
 */
final class Streams implements Benchmark {

    private static final String NAME = "stream";
    private static final int PACE_MILLIS = 100;
    private static final int CLOCK_QUESTIONS = 50;
    private static final long CLOCK_ERROR_MICROS = 100_000;

    /** How far the VM's clock is ahead, and by how much that may be wrong. */
    record Offset(long aheadMicros, long uncertainMicros) {

        static Offset of(long askedMicros, long guestMicros, long answeredMicros) {
            return new Offset(guestMicros - (askedMicros + answeredMicros) / 2, (answeredMicros - askedMicros + 1) / 2);
        }

        Offset better(Offset other) {
            return other.uncertainMicros < uncertainMicros ? other : this;
        }

        long delayNanos(Arrival arrival) {
            return Math.max(0, arrival.cameMicros() - (arrival.madeMicros() - aheadMicros)) * 1000;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        String session = Api.newSession();
        try (RawHttp http = lab.api().connect()) {
            Exchanges agent = lab.api().bench(http, session);
            agent.events(5, 20);
            Offset offset = offset(agent);
            List<Arrival> arrivals = agent.events(lab.sizes().events(), PACE_MILLIS);
            offset = offset.better(offset(agent));
            List<Long> inside = Starts.numbers(agent.ask("loop events " + lab.sizes().events() + " " + PACE_MILLIS)).stream()
                    .map(micros -> Math.max(0, micros) * 1000).toList();
            tell(offset, arrivals, inside, report);
        } finally {
            lab.api().end("bench", session);
        }
    }

    private static void tell(Offset offset, List<Arrival> arrivals, List<Long> inside, Report report) {
        Row within = report.add(Row.of(NAME, "an event from made to received, inside the VM", Figures.of(Unit.TIME, inside)));
        report.add(Row.of(NAME, "an event from made in the VM to received by the caller",
                Figures.of(Unit.TIME, arrivals.stream().map(offset::delayNanos).toList())).against(within)
                .noting("clocks compared to within " + Unit.TIME.text(offset.uncertainMicros() * 1000)));
        report.add(Row.of(NAME, "change of the pause between two events on the way", Figures.of(Unit.TIME, jitter(arrivals)))
                .noting("events made " + PACE_MILLIS + " ms apart"));
        report.add(Row.of(NAME, "clock of the VM against the host's", Figures.of(Unit.TIME, Math.abs(offset.aheadMicros()) * 1000))
                .promising(Promise.of("< 100 ms", Math.abs(offset.aheadMicros()) < CLOCK_ERROR_MICROS)));
    }

    static List<Long> jitter(List<Arrival> arrivals) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 1; i < arrivals.size(); i++) {
            Arrival before = arrivals.get(i - 1);
            Arrival now = arrivals.get(i);
            nanos.add(Math.abs((now.cameMicros() - before.cameMicros()) - (now.madeMicros() - before.madeMicros())) * 1000);
        }
        return nanos;
    }

    static Offset offset(Exchanges agent) throws IOException {
        Offset best = new Offset(0, Long.MAX_VALUE);
        for (int i = 0; i < CLOCK_QUESTIONS; i++) {
            long asked = Exchanges.nowMicros();
            long guest = Long.parseLong(agent.ask("clock"));
            best = best.better(Offset.of(asked, guest, Exchanges.nowMicros()));
        }
        return best;
    }
}
