package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine.Severity;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Passes the lines of one session on to the host's log, no more than its share. For one thread at a time. */
final class HostLog {

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.agent");
    private static final int LINES_A_SECOND = 100;
    private static final int LINES_AT_ONCE = 500;

    private final String session;
    private final LogFields fields;
    private final Supplier<HostLogLevel> level;
    private final Pace pace;
    private long leftOut;

    /** @param level as it is now */
    HostLog(String runtime, String sessionId, Supplier<HostLogLevel> level, LongSupplier nanos) {
        this.session = runtime + "/" + sessionId;
        this.fields = LogFields.of(runtime, sessionId);
        this.level = level;
        this.pace = new Pace(() -> LINES_A_SECOND, LINES_AT_ONCE, nanos);
    }

    void pass(Said line) {
        if (!level.get().takes(line.severity())) {
            return;
        }
        if (!pace.isOpen()) {
            leftOut++;
            return;
        }
        tellLeftOut();
        pace.take(1);
        fields.during(() -> message(line.severity()).log(LOG, session, line.source().name().toLowerCase(Locale.ROOT), line.text()));
    }

    /** No line comes any more. */
    void end() {
        tellLeftOut();
    }

    private void tellLeftOut() {
        if (leftOut > 0) {
            fields.during(() -> LogsMessage.LEFT_OUT.log(LOG, session, leftOut));
            leftOut = 0;
        }
    }

    private static LogsMessage message(Severity severity) {
        return switch (severity) {
            case INFO -> LogsMessage.AGENT_INFO;
            case WARNING -> LogsMessage.AGENT_WARNING;
            case ERROR -> LogsMessage.AGENT_ERROR;
        };
    }
}
