package dev.agentruntime.sessions;

import java.util.ArrayList;
import java.util.List;

/**
 * What an event leads to.
 *
 * @param life   the life after it; the same object where nothing changes
 * @param orders what is to be done, in this order
 */
record Step(SessionLife life, List<Order> orders) {

    Step {
        orders = List.copyOf(orders);
    }

    /** To {@code after}; a change of the status that callers see is told and recorded first. */
    static Step to(SessionLife before, SessionLife after, Order... orders) {
        List<Order> all = new ArrayList<>();
        if (before.status() != after.status()) {
            all.add(new Order.Tell(new News.Moved(before.status(), after.status())));
            all.add(new Order.Record(Order.Haste.WITHIN_SECONDS));
        }
        all.addAll(List.of(orders));
        return new Step(after, all);
    }

    static Step stay(SessionLife life, Order... orders) {
        return new Step(life, List.of(orders));
    }

    /** The same with one more order, the last. */
    Step and(Order last) {
        List<Order> all = new ArrayList<>(orders);
        all.add(last);
        return new Step(life, all);
    }

    /** The same with one more order, the first. */
    Step after(Order first) {
        List<Order> all = new ArrayList<>(orders);
        all.add(0, first);
        return new Step(life, all);
    }

    boolean changes(SessionLife before) {
        return life != before || !orders.isEmpty();
    }
}
