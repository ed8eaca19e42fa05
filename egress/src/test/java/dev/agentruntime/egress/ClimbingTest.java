package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that some server could read as going up. */
class ClimbingTest {

    @ParameterizedTest
    @ValueSource(strings = {"/..", "/../x", "/a/../b", "/./a", "/a/.", "..", "/..;v=1/x", "/a\\..\\b", "/a\\..", "/%2e%2e/x", "/.%2E/x", "/%2E./x",
        "/a%2f..%2fb", "/a%5C..%5Cb", "/..%3bx", "/..%3f", "/..%23", "/..%00", "/a%00b", "/..%252f", "/%252e%252e/x", "/%25252e%25252e/x", "/%25%32%65./x",
        "/%u002e%u002e/x", "/%c0%ae%c0%ae/x", "/%e0%80%ae./x", "/%f0%80%80%ae./x", "/a%c0%af..%c0%afb", "/%25c0%25ae./x", "/a%c1%9c..%c1%9cb"})
    void goesUp(String path) {
        assertThat(Climbing.isIn(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "", "/a", "/a.b", "/...", "/a..b", "/..a", "/a..", "/.well-known/x", "/a%20b", "/100%", "/100%25", "/a%2", "/%zz", "/a%2fb",
        "/%E4%B8%AD%E6%96%87", "/%c3%a4", "/a%2520b", "/v1/models/gpt-4.1:chat", "/%2e%2e%2e"})
    void staysWhereItIs(String path) {
        assertThat(Climbing.isIn(path)).isFalse();
    }

    @Test
    void goesUpHoweverOftenItIsEncoded() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            String path = "/a/../b";
            for (int round = random.nextInt(12); round > 0; round--) {
                path = encoded(path, random);
            }
            assertThat(Climbing.isIn(path)).as("seed %d: %s", seed, path).isTrue();
        }
    }

    /** Any of its characters as a percent sign and two digits. */
    private static String encoded(String path, Random random) {
        StringBuilder text = new StringBuilder();
        for (char c : path.toCharArray()) {
            boolean encodes = random.nextInt(3) == 0 || c == '%' && random.nextBoolean();
            text.append(encodes ? String.format(random.nextBoolean() ? "%%%02x" : "%%%02X", (int) c) : String.valueOf(c));
        }
        return text.toString();
    }

    @Test
    void isNotFooledByALongPath() {
        String path = List.of("/a", "%2525", "/%2e%2e").stream().map(part -> part.repeat(1_000)).reduce("", String::concat);
        assertThat(Climbing.isIn(path)).isTrue();
    }
}
