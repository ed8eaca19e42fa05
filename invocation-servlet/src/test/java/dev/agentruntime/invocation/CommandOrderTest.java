package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandOrderTest {

    private static CommandOrder read(String body) throws IOException {
        return CommandOrder.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aCommandHasFiveMinutesUnlessItSaysOtherwise() throws IOException {
        assertThat(read("{\"command\":\"ls\"}")).isEqualTo(new CommandOrder("ls", Duration.ofMinutes(5)));
        assertThat(read("{\"command\":\"ls\",\"timeout\":null}").timeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(read("{\"timeout\":3600,\"command\":\"ls\",\"more\":1}").timeout()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void theGuestIsTold() throws IOException {
        assertThat(new String(read("{\"command\":\"echo ü\",\"timeout\":1}").encoded(), StandardCharsets.UTF_8)).isEqualTo("1000 7\necho ü");
    }

    @Test
    void theLongestCommandPassesAndALongerOneDoesNot() throws IOException {
        assertThat(read("{\"command\":\"" + "\\u0001".repeat(65_536) + "\"}").command()).hasSize(65_536);
        assertThatThrownBy(() -> read("{\"command\":\"" + "x".repeat(65_537) + "\"}")).isInstanceOf(RequestException.class)
                .hasMessageContaining("1 to 65536 characters");
        assertThatThrownBy(() -> read("{\"command\":\"" + "x".repeat(500_000) + "\"}")).hasMessageContaining("The body has more than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"command\":5}", "{}", "{\"command\":\"\"}", "{\"command\":\"a\\u0000b\"}", "{\"command\":\"a\",\"timeout\":0}",
        "{\"command\":\"a\",\"timeout\":3601}", "{\"command\":\"a\",\"timeout\":1.5}", "{\"command\":\"a\",\"timeout\":\"5\"}",
        "{\"command\":\"a\",\"timeout\":1e999999999}", "{\"command\":\"a\",\"timeout\":1e99999999999}", "{\"command\":\"a\",\"timeout\":-1}"})
    void whatIsNoneIsRefused(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOfSatisfying(RequestException.class,
                e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.VALIDATION));
    }
}
