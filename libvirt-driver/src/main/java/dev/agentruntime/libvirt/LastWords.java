package dev.agentruntime.libvirt;

import dev.agentruntime.channel.ServerEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What a VM is known to have said at last: kept when its console goes, and turned into a sentence about its end. Thread-safe. */
final class LastWords {

    private static final Duration PROCESS_END_LIMIT = Duration.ofSeconds(3);
    private static final int KEPT_LINES = 200;

    private final RunningMachine machine;
    private final AtomicReference<List<String>> lines = new AtomicReference<>(List.of());

    LastWords(RunningMachine machine) {
        this.machine = machine;
    }

    /** The link has ended by itself: how the VM ended. Waits a moment for the end of its process. */
    String ofTheVm(String linkSays) {
        machine.process().ifPresent(process -> process.awaitEnd(PROCESS_END_LIMIT));
        List<String> tail = machine.console().tail(KEPT_LINES);
        lines.set(tail);
        return Obituary.of(machine.process(), linkSays, tail);
    }

    /** The guest's server has ended, and the guest says how. */
    String ofTheServer(ServerEnd end) {
        lines.set(GuestText.lines(String.join("\n", end.lastLines()), KEPT_LINES));
        return GuestText.sentence(end.reason());
    }

    /** Keeps what the console holds, which goes with the VM; words kept before stay. */
    void keep() {
        lines.compareAndSet(List.of(), machine.console().tail(KEPT_LINES));
    }

    /** The last lines, oldest first: those kept, else the console's. */
    List<String> tail(int most) {
        List<String> kept = lines.get().isEmpty() ? machine.console().tail(most) : lines.get();
        return kept.subList(Math.max(0, kept.size() - most), kept.size());
    }
}
