package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import org.junit.jupiter.api.Test;

class QueryTest {

    @Test
    void parametersAreDecodedAndKeepTheirOrder() {
        Query query = Query.of("tagKeys=a%2Fb&tagKeys=c+d&qualifier=prod&flag&&=x");
        assertThat(query.values().get("tagKeys")).containsExactly("a/b", "c d");
        assertThat(query.first("qualifier")).contains("prod");
        assertThat(query.first("flag")).contains("");
        assertThat(query.first("none")).isEmpty();
        assertThat(Query.of("").values()).isEmpty();
    }

    @Test
    void aQueryThatCannotBeDecodedIsTheCallersMistake() {
        assertThatThrownBy(() -> Query.of("a=%zz")).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.VALIDATION));
    }
}
