package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    @Test
    void theSameTextsHaveTheSame() {
        assertThat(Fingerprint.of("a", "b")).isEqualTo(Fingerprint.of("a", "b")).hasSameHashCodeAs(Fingerprint.of("a", "b"));
    }

    @Test
    void whereATextEndsCounts() {
        Set<Fingerprint> all = new HashSet<>(Set.of(Fingerprint.of(), Fingerprint.of(""), Fingerprint.of("", ""), Fingerprint.of("ab"),
                Fingerprint.of("a", "b"), Fingerprint.of("b", "a"), Fingerprint.of("ab", ""), Fingerprint.of("", "ab"), Fingerprint.of("a b"),
                Fingerprint.of("\u00e4"), Fingerprint.of("a\u0308"), Fingerprint.of("x".repeat(1_000_000))));
        assertThat(all).hasSize(12);
    }
}
