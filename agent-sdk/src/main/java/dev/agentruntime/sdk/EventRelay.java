package dev.agentruntime.sdk;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes a publisher's items as events, asking for the next when one is sent. It ends once: by completion, by a failure,
 * or because the client is gone, which cancels the subscription.
 */
final class EventRelay implements Flow.Subscriber<Object> {

    private static final Logger LOG = System.getLogger(EventRelay.class.getName());

    private final EventStream events;
    private final Runnable whenEnded;
    private final String what;
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param whenEnded runs once, after the last write
     * @param what      the request, for the log
     */
    EventRelay(EventStream events, Runnable whenEnded, String what) {
        this.events = events;
        this.whenEnded = whenEnded;
        this.what = what;
    }

    @Override
    public void onSubscribe(Flow.Subscription offered) {
        if (!subscription.compareAndSet(null, Objects.requireNonNull(offered)) || ended.get()) {
            offered.cancel();
        } else {
            offered.request(1);
        }
    }

    @Override
    public void onNext(Object item) {
        if (ended.get()) {
            return;
        }
        try {
            events.send(Objects.requireNonNull(item, "The publisher sent null"));
        } catch (IOException e) {
            clientGone(e);
            return;
        } catch (RuntimeException | Error e) { // a publisher need not tell anybody, and the request would have no end
            cancelSubscription();
            onError(e);
            return;
        }
        subscription.get().request(1);
    }

    @Override
    public void onError(Throwable failure) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        Throwable cause = Errors.cause(failure);
        LOG.log(Level.WARNING, what + " failed while it was streaming: " + Errors.message(cause), cause);
        try {
            events.sendFailure(cause);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, what + ": the client left before the failure could be told", e);
        } finally {
            whenEnded.run();
        }
    }

    @Override
    public void onComplete() {
        if (ended.compareAndSet(false, true)) {
            whenEnded.run();
        }
    }

    /** The client no longer reads: stop the publisher. */
    void clientGone(Throwable reason) {
        if (ended.compareAndSet(false, true)) {
            LOG.log(Level.DEBUG, what + ": the client left the stream", reason);
            cancelSubscription();
            whenEnded.run();
        }
    }

    private void cancelSubscription() {
        Flow.Subscription current = subscription.get();
        if (current != null) {
            current.cancel();
        }
    }
}
