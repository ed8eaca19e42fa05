package dev.agentruntime.invocation;

import dev.agentruntime.api.Cost;
import dev.agentruntime.api.SessionCosts;
import dev.agentruntime.api.Usage;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * What usage costs, while the room that knows prices is there and has some.
 *
 * @param room the room; empty while it is not there
 */
record Costs(Supplier<Optional<SessionCosts>> room) {

    static Costs inJndi() {
        return new Costs(() -> {
            try {
                return Optional.of((SessionCosts) new InitialContext().lookup(SessionCosts.JNDI_NAME));
            } catch (NamingException notThere) {
                return Optional.empty();
            }
        });
    }

    /** Empty where the server has no prices. */
    Optional<Cost> of(Usage usage) {
        return room.get().flatMap(known -> known.of(usage));
    }
}
