package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogQueryTest {

    private final FakeCaller caller = new FakeCaller();

    private LogQuery query() {
        return LogQuery.of(caller.request());
    }

    @Test
    void theDefaults() {
        assertThat(query()).isEqualTo(new LogQuery(100, LogQuery.Form.JSON, false, Optional.empty()));
    }

    @Test
    void everyParameter() {
        caller.parameter("lines", "0").parameter("format", "text").parameter("follow", "true").header("Last-Event-ID", "17");
        assertThat(query()).isEqualTo(new LogQuery(0, LogQuery.Form.TEXT, true, Optional.of(17L)));
    }

    @Test
    void whoeverAcceptsPlainTextGetsIt() {
        caller.header("Accept", "text/plain, */*");
        assertThat(query().form()).isEqualTo(LogQuery.Form.TEXT);
        caller.parameter("format", "json");
        assertThat(query().form()).isEqualTo(LogQuery.Form.JSON);
    }

    @ParameterizedTest
    @CsvSource({"lines, -1", "lines, 10001", "lines, x", "lines, ''", "lines, 99999999999999", "format, xml", "follow, yes", "follow, ''"})
    void whatCannotBeUsedIsNamed(String name, String value) {
        caller.parameter(name, value);
        assertThatThrownBy(this::query).isInstanceOf(RequestException.class).hasMessageContaining("The parameter " + name);
    }

    @Test
    void anIdThatIsNoneOfOursIsPassedOver() {
        caller.header("Last-Event-ID", "abc");
        assertThat(query().after()).isEmpty();
    }
}
