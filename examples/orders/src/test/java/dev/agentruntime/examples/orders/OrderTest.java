package dev.agentruntime.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {

    @Test
    void oneIsOrderedWhereNoNumberIsGiven() {
        assertThat(new Order("paper", null).checkedQuantity()).isEqualTo(1);
        assertThat(new Order("paper", 12).checkedQuantity()).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3, 1_000_001})
    void aQuantityThatNobodyMeansIsRefused(int quantity) {
        assertThatThrownBy(() -> new Order("paper", quantity).checkedQuantity()).hasMessageContaining("quantity must be 1 to 1000000");
    }
}
