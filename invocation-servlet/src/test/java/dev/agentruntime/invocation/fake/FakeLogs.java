package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.SessionLog;
import dev.agentruntime.api.SessionLogs;
import dev.agentruntime.api.SessionView;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The log of every session has three lines at once, then one each 300 ms, its time in it, and ends after six. That of one whose id
 * begins with {@code noisy} has 20 long lines each 50 ms for ten seconds, and then one that says so.
 */
final class FakeLogs implements SessionLogs {

    private static final String NOISE = "x".repeat(1000);

    private final Map<String, MemoryLog> logs = new ConcurrentHashMap<>();

    @Override
    public Optional<SessionLog> of(SessionView session) {
        return Optional.of(logs.computeIfAbsent(session.sessionId(), id -> {
            MemoryLog log = new MemoryLog();
            for (int n = 0; n < 3; n++) {
                log.say("line " + n + " of " + session.subject().name());
            }
            if (id.startsWith("noisy")) {
                sayMuch(log, 0);
            } else {
                sayLater(log, 3);
            }
            return log;
        }));
    }

    private static void sayMuch(MemoryLog log, int n) {
        CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> {
            if (n == 200) {
                log.say("enough");
                return;
            }
            for (int line = 0; line < 20; line++) {
                log.say(NOISE);
            }
            sayMuch(log, n + 1);
        });
    }

    private static void sayLater(MemoryLog log, int n) {
        CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(() -> {
            if (n == 6) {
                log.end();
            } else {
                log.say("at " + System.currentTimeMillis());
                sayLater(log, n + 1);
            }
        });
    }
}
