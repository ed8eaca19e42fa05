package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Drawn;
import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;

/**
 * The first answer of a new session of the benchmark agent, and a second right after it.
 *
 * @param clock of the first answer. A session's start is in the first request, so the middle of that says little; the second
 *              request is short and tells the time, and the guest's own tick tells how long before the first was answered
 */
record FirstAnswer(String session, long firstByteNanos, Drawn first, Drawn second, Streams.Offset clock) {

    /** Begins the session; blocks. */
    static FirstAnswer of(Api api, String session) throws IOException {
        try (RawHttp http = api.connect()) {
            Exchanges agent = api.bench(http, session);
            RawHttp.Whole answer = agent.whole("draw");
            long asked = Exchanges.nowMicros();
            Drawn second = Drawn.of(agent.ask("draw"));
            long answered = Exchanges.nowMicros();
            Drawn first = Drawn.of(answer.text());
            return new FirstAnswer(session, answer.firstByteNanos(), first, second, clock(first, second, asked, answered));
        }
    }

    static Streams.Offset clock(Drawn first, Drawn second, long askedMicros, long answeredMicros) {
        long secondAsTheFirstClockHasIt = first.wallMicros() + second.tickMicros() - first.tickMicros();
        return Streams.Offset.of(askedMicros, secondAsTheFirstClockHasIt, answeredMicros);
    }

    long clockErrorNanos() {
        return Math.abs(clock.aheadMicros()) * 1000;
    }
}
