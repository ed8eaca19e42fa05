package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.Frames;
import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame of a WebSocket to a session that is warm and back: through the platform, and from inside the VM to the same endpoint, in turns.
 * Back to back, and 10 ms apart, where the VM rests before each of them whoever asks.
 */
final class FrameDelay implements Benchmark {

    private static final String NAME = "frames";
    private static final int ROUNDS = 5;
    private static final int WARM_UP = 2_000;
    private static final int BYTES = 100;
    private static final long EXTRA_NANOS = 2_000_000;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        String session = Api.newSession();
        try (RawHttp http = lab.api().connect(); Frames frames = lab.api().frames(session)) {
            Exchanges agent = lab.api().bench(http, session);
            frames.echoes(WARM_UP, BYTES, 0);
            inside(agent, WARM_UP, 0);
            int each = lab.sizes().invocations() / ROUNDS;
            for (int pause : new int[] {0, 10}) {
                List<Long> through = new ArrayList<>();
                List<Long> inside = new ArrayList<>();
                for (int i = 0; i < ROUNDS; i++) {
                    through.addAll(frames.echoes(each, BYTES, pause));
                    inside.addAll(inside(agent, each, pause));
                }
                tell(pause == 0 ? ", back to back" : ", " + pause + " ms apart", through, inside, report);
            }
        } finally {
            lab.api().end("bench", session);
        }
    }

    private static List<Long> inside(Exchanges agent, int count, int pause) throws IOException {
        return Starts.numbers(agent.ask("loop frames " + count + " " + BYTES + " " + pause));
    }

    private static void tell(String how, List<Long> through, List<Long> inside, Report report) {
        Row within = report.add(Row.of(NAME, "a frame there and back inside the VM, over loopback" + how, Figures.of(Unit.TIME, inside))
                .noting("client and server share the VM's one processor and one JVM"));
        Row outside = Row.of(NAME, "a frame there and back through the platform" + how, Figures.of(Unit.TIME, through));
        // There and back is the way of two frames.
        long added = (outside.figures().median() - within.figures().median()) / 2;
        report.add(outside.against(within).noting("so a frame comes " + Unit.TIME.text(added) + " later, one way")
                .promising(Promise.of("a frame comes < 2 ms later than inside, one way", added < EXTRA_NANOS)));
    }
}
