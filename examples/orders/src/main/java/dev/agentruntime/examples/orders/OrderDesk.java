package dev.agentruntime.examples.orders;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import org.eclipse.microprofile.faulttolerance.Retry;

/**
 * Takes orders. A connection that has died in the pool costs a second try: the transaction it died in has not happened, and the pool
 * is emptied by the failure.
 */
@ApplicationScoped
public class OrderDesk {

    @Inject
    private OrderBook book;

    @AgentEntrypoint
    @Retry(maxRetries = 1, delay = 50, jitter = 0, retryOn = PersistenceException.class)
    public Receipt invoke(Order order, AgentContext context) {
        if (order.item() == null) {
            return book.look();
        }
        return book.add(order.item(), order.checkedQuantity(), context.sessionId());
    }
}
