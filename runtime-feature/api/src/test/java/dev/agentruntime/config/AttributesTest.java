package dev.agentruntime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AttributesTest {

    @ParameterizedTest
    @CsvSource({"90s, 90000", "1h30m, 5400000", "250ms, 250", "2d, 172800000", "36500d, 3153600000000", "0, 0"})
    void aDurationIsReadAsItIsWritten(String written, long millis) {
        Attributes attributes = with("pause", written);
        assertThat(attributes.duration("pause", Duration.ofSeconds(1), Duration.ZERO)).isEqualTo(Duration.ofMillis(millis));
        assertThat(attributes.problems()).isEmpty();
    }

    @Test
    void aDurationThatLibertyHasReadIsTaken() {
        assertThat(with("pause", 1500L).duration("pause", Duration.ofSeconds(1), Duration.ZERO)).isEqualTo(Duration.ofMillis(1500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "15 minutes", "-1s", "99999999999s", "1s2", "500ms", "36500d1ms", "999999999d"})
    void aDurationThatCannotBeUsedIsToldAndReplaced(String written) {
        Attributes attributes = with("pause", written);
        assertThat(attributes.duration("pause", Duration.ofSeconds(7), Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(7));
        assertThat(attributes.problems()).singleElement().asString()
                .contains("pause", "<egress>", "'" + written + "'", "90s", "1s at least and 36500d at most", "The default of 7s");
    }

    @Test
    void whoeverTakesNothingOfAnElementWithAMistakeIsToldTheMistakesAndNoDefaults() {
        Attributes attributes = Attributes.of("egress", Map.of("pause", "soon", "memory", "much", "most", "x", "price", "dear", "mode", "odd"));
        Attributes strict = attributes.strictly();
        strict.duration("pause", Duration.ofSeconds(1));
        strict.bytes("memory", 1, 1, 2);
        strict.whole("most", 1, 2);
        strict.decimal("price");
        strict.oneOf("mode", "even", List.of("even"));
        assertThat(strict.problems()).hasSize(5).allSatisfy(problem -> assertThat(problem).contains("<egress>", "It must be ").endsWith("."))
                .noneMatch(problem -> problem.contains("default") || problem.contains("not set"));
        assertThat(attributes.problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"768m, 805306368", "2g, 2147483648", "1 GiB, 1073741824", "1048576k, 1073741824"})
    void aSizeIsReadAsItIsWritten(String written, long bytes) {
        assertThat(with("memory", written).bytes("memory", 1, 1, 1L << 40)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12", "1x", "512m", "65g", "999999999t", "-1g", "16777217t"})
    void aSizeThatCannotBeUsedIsToldAndReplaced(String written) {
        Attributes attributes = with("memory", written);
        assertThat(attributes.bytes("memory", 1L << 30, 768L << 20, 64L << 30)).isEqualTo(1L << 30);
        assertThat(attributes.problems()).singleElement().asString().contains("'" + written + "'", "The default of 1024m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "0", "11", "3000000000", "1.5"})
    void aNumberThatCannotBeUsedIsToldAndReplaced(String written) {
        Attributes attributes = with("most", written);
        assertThat(attributes.whole("most", 5, 1, 10)).isEqualTo(5);
        assertThat(attributes.problems()).singleElement().asString().contains("'" + written + "'", "from 1 to 10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0895", "12", "999999999.999999999999"})
    void aNumberWithDecimalsIsExact(String written) {
        assertThat(with("price", written).decimal("price")).hasValueSatisfying(price -> assertThat(price.toPlainString()).isEqualTo(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e99", ".5", "1.", "0.1234567890123", "1,5", "many", "1234567890"})
    void aNumberWithDecimalsThatCannotBeUsedIsToldAndTakenAsNotSet(String written) {
        Attributes attributes = with("price", written);
        assertThat(attributes.decimal("price")).isEmpty();
        assertThat(attributes.problems()).singleElement().asString().contains("'" + written + "'", "such as 0.0895");
    }

    @Test
    void whatMayBeLeftOutIsEmptyWhenItCannotBeUsed() {
        Attributes attributes = Attributes.of("egress", Map.of("most", "many", "pause", "soon"));
        assertThat(attributes.whole("most", 1, 10)).isEmpty();
        assertThat(attributes.duration("pause", Duration.ZERO)).isEmpty();
        assertThat(attributes.problems()).hasSize(2).allMatch(problem -> problem.endsWith("It is taken as not set."));
        assertThat(attributes.whole("other", 1, 10)).isEmpty();
        assertThat(attributes.problems()).hasSize(2);
    }

    @Test
    void aPathIsAbsoluteAndOneThatIsNoneIsToldAndReplaced() {
        assertThat(with("folder", "/srv/x/../y").path("folder", Path.of("z"))).isEqualTo(Path.of("/srv/y"));
        assertThat(with("folder", " ").path("folder", Path.of("z"))).isEqualTo(Path.of("z").toAbsolutePath());
        Attributes attributes = with("folder", "a\0b");
        assertThat(attributes.path("folder", Path.of("/z"))).isEqualTo(Path.of("/z"));
        assertThat(attributes.problems()).singleElement().asString().contains("folder", "a path", "/z");
    }

    @Test
    void aWordThatIsNotAllowedIsToldWithThoseThatAre() {
        Attributes attributes = with("mode", "warp");
        assertThat(attributes.oneOf("mode", "slow", List.of("slow", "quick"))).isEqualTo("slow");
        assertThat(attributes.problems()).singleElement().asString().contains("'warp'", "one of slow, quick");
    }

    @Test
    void nestedElementsAreReadInTheirOrderAndNamedInProblems() {
        Attributes attributes = Attributes.of("egress", Map.of("rule.0.name", "first", "rule.0.port", "443",
                "rule.1.name", "second", "rule.1.port", "no", "rule.3.port", "1"));
        assertThat(attributes.nested("rule")).hasSize(2)
                .extracting(rule -> rule.whole("port", 80, 1, 65535)).containsExactly(443, 80);
        assertThat(attributes.problems()).singleElement().asString().contains("<rule second>", "'no'");
        assertThat(attributes.nested("other")).isEmpty();
    }

    @Test
    void whatAnElementDoesNotHaveIsToldWithWhatWasMeant() {
        Attributes attributes = Attributes.of("egress", Map.of("port", "1", "prot", "2", "rule.0.name", "first", "rlue.0.name", "second"));
        attributes.nothingBut(List.of("port", "rule"));
        assertThat(attributes.problems()).containsExactly("<egress> has no prot. Did you mean port? Correct the name or take it out.",
                "<egress> has no rlue. Did you mean rule? Correct the name or take it out.");
    }

    @Test
    void ofANestedElementItsOwnNamesAreLookedAtOnly() {
        Attributes attributes = Attributes.of("egress", Map.of("prot", "2", "rule.0.name", "first", "rule.0.port", "1", "rule.1.nmae", "second"));
        attributes.nested("rule").forEach(rule -> rule.nothingBut(List.of("name", "port", "host")));
        assertThat(attributes.problems()).containsExactly("<rule> has no nmae. Did you mean name? Correct the name or take it out.");
    }

    @Test
    void whereNoNameIsNearAllAreTold() {
        Attributes attributes = Attributes.of("egress", Map.of("timeout", "2"));
        attributes.nothingBut(List.of("name", "port", "host"));
        assertThat(attributes.problems()).containsExactly("<egress> has no timeout. It has name, port and host. Correct the name or take it out.");
    }

    /** As Liberty hands over an element inside another that the metatype does not have: by the names of its configurations. */
    @Test
    void elementsThatItDoesNotHaveAreToldFromAttributes() {
        Attributes attributes = Attributes.of("egress", Map.of("rlue", new String[] {"rlue-0"}, "prot", "1", "rule.0.name", "x"));
        assertThat(attributes.elementsBut(List.of("rule", "port"))).containsExactly("rlue");
        assertThat(attributes.problems()).isEmpty();
    }

    @Test
    void whatLibertyAddsIsNobodysMistake() {
        Attributes attributes = Attributes.of("egress", Map.of("id", "default-0", "config.id", "egress", "service.pid", "egress", "config.displayId", "egress",
                "rule.0.config.referenceType", "rule", "rule.0.id", "x"));
        attributes.nothingBut(List.of("rule"));
        attributes.nested("rule").forEach(rule -> rule.nothingBut(List.of("name")));
        assertThat(attributes.problems()).isEmpty();
    }

    @Test
    void whatIsInternalIsNeitherToldNorOffered() {
        Attributes attributes = Attributes.of("egress", Map.of("port", "1", "server", "a", "sever", "b"));
        attributes.nothingBut(List.of("port", "rule"), Set.of("server"));
        assertThat(attributes.problems()).containsExactly("<egress> has no sever. It has port and rule. Correct the name or take it out.");
    }

    @Test
    void blankTextIsNotSet() {
        assertThat(with("word", "  ").text("word", "default")).isEqualTo("default");
        assertThat(with("word", " it ").text("word", "default")).isEqualTo("it");
    }

    private static Attributes with(String attribute, Object value) {
        return Attributes.of("egress", Map.of(attribute, value));
    }
}
