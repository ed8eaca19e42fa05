package dev.agentruntime.examples.orders;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;

/** The orders in the database. Each method is one transaction. */
@ApplicationScoped
public class OrderBook {

    @Inject
    private Instance<Database> database;

    public Receipt add(String item, int quantity, String session) {
        return database.get().inTransaction(entities -> {
            OrderLine line = new OrderLine(item, quantity, session);
            entities.persist(line);
            entities.flush();
            long ordered = entities.createQuery("select sum(l.quantity) from OrderLine l where l.item = :item", Long.class)
                    .setParameter("item", item).getSingleResult();
            return new Receipt(line.id(), ordered, backend(entities));
        });
    }

    public Receipt look() {
        return database.get().inTransaction(entities -> new Receipt(0,
                entities.createQuery("select coalesce(sum(l.quantity), 0) from OrderLine l", Long.class).getSingleResult(),
                backend(entities)));
    }

    private static int backend(EntityManager entities) {
        return ((Number) entities.createNativeQuery("select pg_backend_pid()").getSingleResult()).intValue();
    }
}
