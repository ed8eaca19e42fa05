package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryHeadersTest {

    private static final String CUSTOM = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-";

    private static List<HttpField> of(String query) {
        return QueryHeaders.of(Query.of(query));
    }

    @Test
    void onlyCustomOnesPass() {
        assertThat(of(CUSTOM + "Do=a%20b&Authorization=x&qualifier=y")).singleElement().satisfies(field -> {
            assertThat(field.getName()).isEqualTo(CUSTOM + "Do");
            assertThat(field.getValue()).isEqualTo("a b");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Do=a%0d%0aX-Other:b", "Do=a%00", "Do%3a=a", "Do%20=a", "Do%c3%bc=a", "Do=%e2%82%ac", "Do=%7f"})
    void whatCannotBeAHeaderIsRefused(String query) {
        assertThatThrownBy(() -> of(CUSTOM + query)).isInstanceOfSatisfying(RequestException.class,
                e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.VALIDATION));
    }

    @Test
    void oneThatIsTooLongIsRefused() {
        assertThat(of(CUSTOM + "Do=" + "x".repeat(RequestHead.MOST_IN_ONE))).hasSize(1);
        assertThatThrownBy(() -> of(CUSTOM + "Do=" + "x".repeat(RequestHead.MOST_IN_ONE + 1))).hasMessageContaining("too many or too long");
    }
}
