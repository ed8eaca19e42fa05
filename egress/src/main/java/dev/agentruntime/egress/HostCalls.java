package dev.agentruntime.egress;

import dev.agentruntime.api.RequestException;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What other rooms do for the guest of one session: a few things at once, so that others have their turn. Used on the session's loop only. */
final class HostCalls {

    static final int MOST = 4;

    private final EventLoop loop;
    private final Executor work;
    private int running;

    HostCalls(EventLoop loop, Executor work) {
        this.loop = loop;
        this.work = work;
    }

    /**
     * Does {@code task} on another thread, and then goes on here with what it returns, or with why there is nothing; neither after the
     * loop has ended.
     *
     * @param patience for its end; a task that takes longer still counts as one of those at once
     */
    <T> void call(Supplier<T> task, Duration patience, Consumer<T> then, Consumer<Refusal> otherwise) {
        if (running >= MOST) {
            otherwise.accept(Refusal.limited("The host does " + MOST + " things at once for one session, and does them already. Ask again when one is done."));
            return;
        }
        CompletableFuture<T> done;
        try {
            done = CompletableFuture.supplyAsync(task, work);
        } catch (RejectedExecutionException closed) {
            otherwise.accept(Refusal.unreachable("The way out is being closed."));
            return;
        }
        running++;
        done.whenComplete((result, failure) -> onLoop(() -> running--));
        done.copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).whenComplete((result, failure) -> onLoop(() -> {
            if (failure == null) {
                then.accept(result);
            } else {
                otherwise.accept(refusal(failure instanceof CompletionException ? failure.getCause() : failure, patience));
            }
        }));
    }

    private void onLoop(Runnable next) {
        try {
            loop.execute(next);
        } catch (RejectedExecutionException ended) {
            return; // and with it everything of its sessions
        }
    }

    private static Refusal refusal(Throwable failure, Duration patience) {
        if (failure instanceof TimeoutException) {
            return Refusal.late("The host did not get a credential or an answer for it within " + patience.toMillis() + " ms: responseTimeout of <"
                    + EgressSettings.ELEMENT + "> in server.xml.");
        }
        if (failure instanceof RequestException refused) {
            return refused.kind() == RequestException.Kind.FORBIDDEN ? Refusal.denied(refused.getMessage()) : Refusal.unreachable(refused.getMessage());
        }
        return Refusal.ofPlatform(failure);
    }
}
