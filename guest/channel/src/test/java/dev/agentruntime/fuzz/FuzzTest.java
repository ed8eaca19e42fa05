package dev.agentruntime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FuzzTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Corpus CORPUS = Corpus.of(FuzzTest.class, "corpus");

    @Test
    void eachCaseHasASeedOfItsOwnAndThereAreAsManyAsAsked() {
        Set<Long> seen = new HashSet<>();
        Fuzz.run(50, Optional.empty(), Optional.empty(), PATIENCE, random -> seen.add(random.nextLong()));
        assertThat(seen).hasSize(50);
    }

    @Test
    void aFailureNamesTheSeedAndTheSeedFailsAgain() {
        List<Long> drawn = new ArrayList<>();
        Fuzz.Case even = random -> {
            long number = random.nextLong();
            if (number % 2 == 0) {
                drawn.add(number);
                throw new IllegalStateException("even");
            }
        };
        assertThatThrownBy(() -> Fuzz.run(1000, Optional.empty(), Optional.empty(), PATIENCE, even)).isInstanceOf(AssertionError.class)
                .hasMessageEndingWith(": java.lang.IllegalStateException: even")
                .satisfies(failure -> {
                    long seed = Long.parseLong(failure.getMessage().replaceAll("(?s).*-Dfuzz.seed=(-?\\d+).*", "$1"));
                    assertThatThrownBy(() -> Fuzz.run(1, Optional.empty(), Optional.of(seed), PATIENCE, even)).hasMessageContaining("even");
                });
        assertThat(drawn).hasSize(2).containsOnly(drawn.get(0));
    }

    @Test
    void aCaseThatDoesNotEndHasFailed() {
        assertThatThrownBy(() -> Fuzz.run(1, Optional.empty(), Optional.empty(), Duration.ofMillis(50), random -> Thread.sleep(60_000)))
                .isInstanceOf(AssertionError.class).hasMessageContaining("has not ended within PT0.05S with -Dfuzz.seed=");
    }

    @Test
    void aTimeIsKeptInsteadOfANumber() {
        List<Integer> runs = new ArrayList<>();
        Fuzz.run(1, Optional.of(Duration.ofMillis(100)), Optional.empty(), PATIENCE, random -> runs.add(1));
        assertThat(runs).hasSizeGreaterThan(1);
    }

    @Test
    void aCorpusHoldsTextWithEscapesAndHexadecimalAndRepetitions() {
        byte[] bytes = Corpus.parse(List.of("# a comment", "a\\r\\n\\\\\\x00ü", "= 0001 ff", "ab\\*3"));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).isEqualTo("a\r\n\\\0\u00c3\u00bc\0\1\u00ffababab");
        assertThat(CORPUS.inputs()).containsOnlyKeys("one", "two");
    }

    @Test
    void mutationsAreMadeOfTheSeedAndStayBounded() {
        Set<String> different = new HashSet<>();
        for (int seed = 0; seed < 2000; seed++) {
            byte[] changed = CORPUS.mutated(new Random(seed));
            assertThat(changed).isEqualTo(CORPUS.mutated(new Random(seed))).hasSizeLessThan(2 * Mutations.MOST_BYTES);
            different.add(new String(changed, StandardCharsets.ISO_8859_1));
        }
        assertThat(different).hasSizeGreaterThan(1000);
    }

    @Test
    void piecesPutTogetherAreTheInput() {
        for (int seed = 0; seed < 200; seed++) {
            byte[] input = CORPUS.mutated(new Random(seed));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (ByteBuffer piece : Mutations.pieces(input, new Random(seed))) {
                all.write(piece.array(), 0, piece.remaining());
            }
            assertThat(all.toByteArray()).isEqualTo(input);
        }
    }
}
