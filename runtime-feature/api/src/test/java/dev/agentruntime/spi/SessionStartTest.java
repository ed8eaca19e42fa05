package dev.agentruntime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionStartTest {

    private static SessionStart with(Map<String, String> environment) {
        return new SessionStart("s", environment, List.of());
    }

    @Test
    void itsTextShowsNamesAndNoValue() {
        SessionStart start = new SessionStart("s-1", Map.of("OPENAI_KEY", "sk-secret"), List.of(new OutboundName("openai", 80)));
        assertThat(start.toString()).contains("s-1", "OPENAI_KEY", "openai").doesNotContain("sk-secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "_a", "eg.value", "a-b", "A1"})
    void theNameOfAVariableIsOneThatMicroProfileConfigReads(String name) {
        assertThat(with(Map.of(name, "v")).environment()).containsEntry(name, "v");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1A", "A=B", "A B", "A\n", "\u00e9", "A\0", ".a"})
    void whatIsNoNameOfAVariableIsRefused(String name) {
        assertThatThrownBy(() -> with(Map.of(name, "sk-secret"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name of a variable").hasMessageNotContaining("sk-secret");
    }

    @Test
    void aValueWithAZeroByteIsRefusedByTheNameOfItsVariable() {
        assertThatThrownBy(() -> with(Map.of("A", "sk-\0secret"))).hasMessageContaining("variable A").hasMessageNotContaining("secret");
    }

    @Test
    void moreThanFitsIsRefused() {
        assertThat(with(Map.of("A", "x".repeat(SessionStart.MOST_ENVIRONMENT - 1))).environment()).hasSize(1);
        assertThatThrownBy(() -> with(Map.of("A", "x".repeat(SessionStart.MOST_ENVIRONMENT)))).hasMessageContaining("65537 bytes");
        assertThatThrownBy(() -> with(Map.of("A", "\u00e9".repeat(SessionStart.MOST_ENVIRONMENT / 2)))).hasMessageContaining("65537 bytes");
        Map<String, String> many = new LinkedHashMap<>();
        for (int i = 0; i <= SessionStart.MOST_VARIABLES; i++) {
            many.put("V" + i, "");
        }
        assertThatThrownBy(() -> with(many)).hasMessageContaining("257 variables");
    }

    @Test
    void twoOutboundsOfOneNameAreRefusedAndSoAreTooMany() {
        List<OutboundName> twice = List.of(new OutboundName("db", 5432), new OutboundName("db", 80));
        assertThatThrownBy(() -> new SessionStart("s", Map.of(), twice)).hasMessageContaining("one name");
        List<OutboundName> many = new ArrayList<>();
        for (int i = 0; i <= SessionStart.MOST_OUTBOUNDS; i++) {
            many.add(new OutboundName("n" + i, 80));
        }
        assertThatThrownBy(() -> new SessionStart("s", Map.of(), many)).hasMessageContaining("101 outbounds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a.b", "a b", "a/b", "a\n", "0123456789012345678901234567890123456789012345678"})
    void whatIsNoNameOfAnOutboundIsRefused(String name) {
        assertThatThrownBy(() -> new OutboundName(name, 80)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "orders-db", "012345678901234567890123456789012345678901234567"})
    void whatFitsIntoAHostNameIsTheNameOfAnOutbound(String name) {
        assertThat(new OutboundName(name, 65_535).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_536})
    void whatIsNoPortIsRefused(int port) {
        assertThatThrownBy(() -> new OutboundName("db", port)).hasMessageContaining("outbound db").hasMessageContaining("65535");
    }
}
