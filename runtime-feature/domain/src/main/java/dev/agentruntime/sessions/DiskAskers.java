package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Those who have asked for a session to be put on the disk and wait for that. Guarded by the session. */
final class DiskAskers {

    private final List<CompletableFuture<SessionView>> waiting = new ArrayList<>();

    void add(CompletableFuture<SessionView> asker) {
        waiting.add(asker);
    }

    /**
     * What those are told who wait no longer after {@code event}, each by a deed of its own; none while it is on its way.
     *
     * @param life after the event
     * @param view of it then
     */
    List<Runnable> answers(SessionKey key, LifeEvent event, SessionLife life, Supplier<SessionView> view) {
        if (waiting.isEmpty() || life instanceof Hibernating && !(event instanceof LifeEvent.NotDestroyed)) {
            return List.of();
        }
        List<CompletableFuture<SessionView>> told = List.copyOf(waiting);
        waiting.clear();
        if (life instanceof Hibernated) {
            SessionView there = view.get();
            return told.stream().<Runnable>map(asker -> () -> asker.complete(there)).toList();
        }
        return told.stream().<Runnable>map(asker -> () -> asker.completeExceptionally(refusal(key.sessionId(), event, life))).toList();
    }

    private static RequestException refusal(String id, LifeEvent event, SessionLife life) {
        if (event instanceof LifeEvent.NotHibernated failed) {
            return failed.why().exception();
        }
        if (event instanceof LifeEvent.PauseFailed failed) {
            return failed.reach() == Reach.AWAY
                    ? later("Session " + id + " was not put on the disk: its VM could not be paused, for the hypervisor does not answer. Ask again in a moment.")
                    : new RequestException(Kind.PLATFORM, "Session " + id + " was not put on the disk: its VM could not be paused. The server's log says why, AGRT0027W.");
        }
        if (event instanceof LifeEvent.NotDestroyed) {
            return later("Session " + id + " is on the disk, and something of its VM is left. The server goes on removing it. Ask again in a moment.");
        }
        if (event instanceof LifeEvent.Hibernated && !life.isOver()) {
            return later("Session " + id + " was put on the disk, and a request that came meanwhile brings it back.");
        }
        if (life instanceof Left) {
            return Left.refusal().exception();
        }
        return life.isOver() ? new RequestException(Kind.NOT_FOUND, "Session " + id + " has ended.")
                : later("Session " + id + " cannot be put on the disk now, only while it is idle: when its requests have ended and its agent, asked since, has"
                        + " said that it is not busy. Ask again in a moment.");
    }

    private static RequestException later(String sentence) {
        return new RequestException(Kind.RETRYABLE_CONFLICT, sentence);
    }
}
