package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a \"quote\", a \\ and a\nline\u0001");
        value.put("number", 42L);
        value.put("fraction", 1.5);
        value.put("list", Arrays.asList(true, false, null, Map.of("deep", List.of())));
        assertThat(Json.readObject(Json.write(value))).isEqualTo(value);
    }

    @Test
    void spacesAndEscapesOfOthersAreRead() {
        assertThat(Json.readObject(" { \"a\" : [ 1 , -2 ] , \"b\" : \"\\u00e4\\/\\t\" } ").toString()).isEqualTo("{a=[1, -2], b=ä/\t}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1} x", "{\"a\":\"", "{\"a\":\"\\u12", "{a:1}", "{\"a\":wrong}"})
    void whatIsNoObjectIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.readObject(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void whatNestsWithoutEndIsRefusedAndNotFollowed(String level) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.readObject("{\"a\":" + level.repeat(100_000)));
    }

    @Test
    void whatNestsAsDeepAsQemuDoesIsRead() {
        String deep = "{\"a\":".repeat(20) + "1" + "}".repeat(20);
        assertThat(Json.write(Json.readObject(deep))).isEqualTo(deep);
    }

    @Test
    void numbersOfAnySizeAreReadOrRefused() {
        assertThat(Json.readObject("{\"a\":999999999999999999}").get("a")).isEqualTo(999999999999999999L);
        assertThat(Json.readObject("{\"a\":1e3}").get("a")).isEqualTo(1000.0);
        assertThat(Json.readObject("{\"a\":1e99999999999}").get("a")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThatIllegalArgumentException().isThrownBy(() -> Json.readObject("{\"a\":1.2.3}"));
    }
}
