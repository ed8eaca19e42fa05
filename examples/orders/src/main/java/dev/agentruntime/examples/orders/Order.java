package dev.agentruntime.examples.orders;

/**
 * What to order.
 *
 * @param item     what; absent to only look
 * @param quantity how many; 1 if absent
 */
public record Order(String item, Integer quantity) {

    private static final int MOST = 1_000_000;

    int checkedQuantity() {
        int wanted = quantity == null ? 1 : quantity;
        if (wanted < 1 || wanted > MOST) {
            throw new IllegalArgumentException("quantity must be 1 to " + MOST + ", not " + wanted);
        }
        return wanted;
    }
}
