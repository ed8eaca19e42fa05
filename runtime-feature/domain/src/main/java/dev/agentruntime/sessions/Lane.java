package dev.agentruntime.sessions;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.logging.Logger;

/**
 * Has one session's orders to its VM carried out one after the other, on threads that grow in number with the sessions:
 * one that is slow holds up its own session only. Thread-safe; does not block.
 */
final class Lane {

    private static final Logger LOG = Logger.getLogger(Lane.class.getName());

    private final Executor threads;
    private final Consumer<Order.OnVm> work;
    private final Deque<Order.OnVm> waiting = new ArrayDeque<>();
    private boolean taken;

    /** @param work carries an order out; may block */
    Lane(Executor threads, Consumer<Order.OnVm> work) {
        this.threads = threads;
        this.work = work;
    }

    /** One reading of the meter that waits is as good as many. */
    void add(Order.OnVm order) {
        synchronized (this) {
            if (!(order instanceof Order.ReadMeter) || waiting.stream().noneMatch(Order.ReadMeter.class::isInstance)) {
                waiting.add(order);
            }
        }
        pump();
    }

    /** Gets a thread where orders wait and none is at them: the last try may have found none. */
    void pump() {
        synchronized (this) {
            if (taken || waiting.isEmpty()) {
                return;
            }
            taken = true;
        }
        try {
            threads.execute(this::run);
        } catch (RuntimeException | Error e) {
            synchronized (this) {
                taken = false;
            }
            SessionMessage.UNEXPECTED.log(LOG, e, "finding a thread for a session's VM", e.toString());
        }
    }

    private void run() {
        for (Optional<Order.OnVm> order = next(); order.isPresent(); order = next()) {
            try {
                work.accept(order.get());
            } catch (RuntimeException | Error e) {
                SessionMessage.UNEXPECTED.log(LOG, e, "carrying out an order to a session's VM", e.toString());
            }
        }
    }

    private synchronized Optional<Order.OnVm> next() {
        Optional<Order.OnVm> order = Optional.ofNullable(waiting.poll());
        taken = order.isPresent();
        return order;
    }
}
