package dev.agentruntime.sessions;

import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RequestException;
import java.util.List;

/**
 * Why callers are refused.
 *
 * @param kind     whose fault it is
 * @param sentence for people
 * @param log      the guest's log lines that show why, oldest first
 * @param reach    whether it may succeed later without anybody's doing
 */
record Fault(Kind kind, String sentence, List<String> log, Reach reach) {

    Fault {
        sentence = PlainText.of(sentence);
        log = List.copyOf(log);
    }

    static Fault of(Kind kind, String sentence) {
        return new Fault(kind, sentence, List.of(), Reach.FINAL);
    }

    /** The hypervisor does not answer. */
    static Fault away(String sentence) {
        return new Fault(Kind.RETRYABLE_CONFLICT, sentence, List.of(), Reach.AWAY);
    }

    RequestException exception() {
        return new RequestException(kind, sentence, log);
    }
}
