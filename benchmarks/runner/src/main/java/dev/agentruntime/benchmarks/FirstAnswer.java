package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Drawn;
import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first answer of a new session of the benchmark agent, and some right after it.
 *
 * @param draws of all answers, the first answer's first
 * @param clock of the first answer. A session's start is in the first request, so the middle of that says little; the quickest
 *              of the next tells the time, and the guest's own tick tells how long before the first was answered
 */
record FirstAnswer(String session, long firstByteNanos, List<Drawn> draws, Streams.Offset clock) {

    static final int NEXT = 10;

    /** Begins the session; blocks. */
    static FirstAnswer of(Api api, String session) throws IOException {
        try (RawHttp http = api.connect()) {
            Exchanges agent = api.bench(http, session);
            RawHttp.Whole answer = agent.whole("draw");
            List<Drawn> draws = new ArrayList<>(List.of(Drawn.of(answer.text())));
            Streams.Offset clock = new Streams.Offset(0, Long.MAX_VALUE);
            for (int i = 0; i < NEXT; i++) {
                long asked = Exchanges.nowMicros();
                Drawn next = Drawn.of(agent.ask("draw"));
                clock = clock.better(clock(draws.get(0), next, asked, Exchanges.nowMicros()));
                draws.add(next);
            }
            return new FirstAnswer(session, answer.firstByteNanos(), List.copyOf(draws), clock);
        }
    }

    static Streams.Offset clock(Drawn first, Drawn next, long askedMicros, long answeredMicros) {
        long nextAsTheFirstClockHasIt = first.wallMicros() + next.tickMicros() - first.tickMicros();
        return Streams.Offset.of(askedMicros, nextAsTheFirstClockHasIt, answeredMicros);
    }

    long clockErrorNanos() {
        return Math.abs(clock.aheadMicros()) * 1000;
    }
}
