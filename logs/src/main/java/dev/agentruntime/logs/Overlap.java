package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Leaves out what an earlier run of the server has kept already of a guest's log that is read from its beginning again: all until the
 * line that was kept last. Where that is not among what the guest still has, all of it is new. For one thread at a time.
 */
final class Overlap implements Consumer<List<Said>> {

    /** A guest keeps 2,000 lines; one that says more at once is not waited for. */
    private static final int MOST_HELD = 4_000;

    private final Consumer<List<Said>> lines;
    private final List<Said> held = new ArrayList<>();
    private Optional<LogLine> last;

    /** @param last the guest's last line that was kept */
    Overlap(Optional<LogLine> last, Consumer<List<Said>> lines) {
        this.last = last;
        this.lines = lines;
    }

    @Override
    public void accept(List<Said> said) {
        if (last.isEmpty()) {
            lines.accept(said);
            return;
        }
        for (Said line : said) {
            held.add(line);
            if (isLast(line)) {
                held.clear();
            }
        }
        if (held.size() > MOST_HELD) {
            settle();
        }
    }

    /** The log's files keep milliseconds. */
    private boolean isLast(Said line) {
        return last.filter(kept -> kept.time().toEpochMilli() == line.time().toEpochMilli() && kept.source() == line.source()
                && kept.text().equals(line.text())).isPresent();
    }

    /** The guest has said all that it had: what comes now is new. */
    void settle() {
        last = Optional.empty();
        if (!held.isEmpty()) {
            List<Said> rest = List.copyOf(held);
            held.clear();
            lines.accept(rest);
        }
    }
}
