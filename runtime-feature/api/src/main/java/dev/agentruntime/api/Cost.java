package dev.agentruntime.api;

import java.math.BigDecimal;

/**
 * An amount of money.
 *
 * @param amount   exact to 12 decimals
 * @param currency what it is counted in, as the configuration names it
 */
public record Cost(BigDecimal amount, String currency) {

    /** What is left of this without {@code other}, which is in the same currency. */
    public Cost minus(Cost other) {
        return new Cost(amount.subtract(other.amount), currency);
    }

    /** The amount without zeros at its end, such as 0.0007625. */
    public BigDecimal shown() {
        BigDecimal plain = amount.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    /** For people, such as {@code 0.0007625 USD}. */
    @Override
    public String toString() {
        return shown().toPlainString() + " " + currency;
    }
}
