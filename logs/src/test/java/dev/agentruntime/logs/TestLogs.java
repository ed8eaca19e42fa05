package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.SessionLog;
import java.util.ArrayList;
import java.util.List;

/** Logs as tests look at them. */
final class TestLogs {

    private TestLogs() {}

    static List<LogLine> latest(SessionLog log, int lines) {
        List<LogLine> all = new ArrayList<>();
        try (SessionLog.Follower follower = log.latest(lines)) {
            for (List<LogLine> next = follower.next(); !next.isEmpty(); next = follower.next()) {
                all.addAll(next);
            }
        }
        return all;
    }
}
