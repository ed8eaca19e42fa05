package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.Tag;
import org.junit.jupiter.api.Test;

class WholeSumTest {

    private final TestMetrics numbers = new TestMetrics();
    private final WholeSum sum = new WholeSum(numbers.registry().counter(Metadata.builder().withName("sum").build(), new Tag[0]));

    @Test
    void whatIsLessThanOneWaitsForMore() {
        sum.add(0.4);
        sum.add(0.4);
        assertThat(numbers.value("sum{}")).isZero();
        sum.add(0.4);
        assertThat(numbers.value("sum{}")).isEqualTo(1);
        sum.add(2.9);
        assertThat(numbers.value("sum{}")).isEqualTo(4);
    }

    @Test
    void nothingIsLostOverManySmallParts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        double all = 0;
        for (int i = 0; i < 10_000; i++) {
            double part = random.nextDouble() * 3;
            all += part;
            sum.add(part);
        }
        assertThat(numbers.value("sum{}")).as("seed %d", seed).isBetween(all - 1.001, all + 0.001);
    }
}
