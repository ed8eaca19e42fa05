package dev.agentruntime.agentctl;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/** Tells a person how far long work is: one line that changes on a terminal, a few lines elsewhere. */
final class Meter {

    private final Surroundings surroundings;
    private final boolean silent;
    private final AtomicInteger shown = new AtomicInteger(-1);
    private String last = "";

    Meter(Surroundings surroundings, boolean silent) {
        this.surroundings = surroundings;
        this.silent = silent;
    }

    /** Of {@code all} bytes. */
    LongConsumer bytes(String what, long all) {
        return done -> {
            int percent = all == 0 ? 100 : (int) (100 * done / all);
            if (surroundings.errIsTerminal() && shown.getAndSet(percent) != percent) {
                say(what + " " + percent + " % of " + Text.bytes(all));
            }
        };
    }

    /** Of as many as there are. */
    LongConsumer bytes(String what) {
        return done -> {
            if (surroundings.errIsTerminal()) {
                say(what + " " + Text.bytes(done));
            }
        };
    }

    /** What is being done now. The same twice is said once. */
    synchronized void say(String what) {
        String line = Text.plain(what);
        if (silent || line.equals(last)) {
            return;
        }
        if (surroundings.errIsTerminal()) {
            surroundings.err().print("\r" + line + " ".repeat(Math.max(0, last.length() - line.length())));
            surroundings.err().flush();
        } else {
            surroundings.err().println(line);
        }
        last = line;
    }

    /** What comes next is on a line of its own. */
    synchronized void end() {
        if (!silent && surroundings.errIsTerminal() && !last.isEmpty()) {
            surroundings.err().print("\r" + " ".repeat(last.length()) + "\r");
            surroundings.err().flush();
        }
        last = "";
    }
}
