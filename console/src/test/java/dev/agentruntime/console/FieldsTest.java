package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

    @Test
    void namesAndValuesAreDecodedInTheirOrder() {
        Fields fields = Fields.of("a=1&b=x+y%2Fz&a=2&c&=d");
        assertThat(fields.all("a")).containsExactly("1", "2");
        assertThat(fields.first("b")).contains("x y/z");
        assertThat(fields.first("c")).isEmpty();
        assertThat(fields.all("none")).isEmpty();
        assertThat(Fields.of("").values()).isEmpty();
    }

    @Test
    void whatIsEncodedComesBack() {
        String odd = "a&b=c d+e%/ä<>\"'";
        assertThat(Fields.of(Fields.encoded(odd, odd)).first(odd)).contains(odd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%zz", "%4=1"})
    void whatIsMalformedIsRefused(String text) {
        assertThatThrownBy(() -> Fields.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thereAreNotTooMany() {
        assertThat(Fields.of("a=1&".repeat(499) + "a=1").all("a")).hasSize(500);
        assertThatThrownBy(() -> Fields.of("a=1&".repeat(500) + "a=1")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("500");
    }
}
