package dev.agentruntime.examples.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** One order, as the database keeps it. */
@Entity
@Table(name = "order_lines")
public class OrderLine {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private long id;

    private String item;
    private int quantity;
    private String session;

    /** For Jakarta Persistence. */
    protected OrderLine() {
    }

    OrderLine(String item, int quantity, String session) {
        this.item = item;
        this.quantity = quantity;
        this.session = session;
    }

    long id() {
        return id;
    }
}
