package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {

    private static final String CUSTOM = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-";

    @Test
    void whatTheContractAllowsIsPassed() {
        FakeCaller caller = new FakeCaller().header("baggage", "b".repeat(8192)).header("Cookie", "c".repeat(20_000));
        for (int i = 0; i < 20; i++) {
            caller.header(CUSTOM + i, "v".repeat(4096));
        }
        assertThat(RequestHead.of(caller.request(), () -> true).fields()).hasSize(21);
    }

    @Test
    void aHundredAndFiftySmallHeadersArePassed() {
        FakeCaller caller = new FakeCaller();
        for (int i = 0; i < 150; i++) {
            caller.header(CUSTOM + i, "v".repeat(50));
        }
        assertThat(RequestHead.of(caller.request(), () -> true).fields()).hasSize(150);
    }

    @Test
    void aHeaderThatIsTooLargeIsNamed() {
        refused(new FakeCaller().header("baggage", "b".repeat(8193)), "baggage");
        refused(new FakeCaller().header("Mcp-A", "b".repeat(5000)).header("Mcp-A", "b".repeat(5000)), "Mcp-A");
    }

    @Test
    void tooMuchInAllNamesTheOneThatMadeItTooMuch() {
        FakeCaller caller = new FakeCaller();
        for (int i = 10; i < 25; i++) {
            caller.header(CUSTOM + i, "v".repeat(8000));
        }
        refused(caller, CUSTOM + "22");
        FakeCaller many = new FakeCaller();
        for (int i = 100; i < 400; i++) {
            many.header("Mcp-" + i, "v");
        }
        refused(many, "Mcp-356");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "deflate", " gzip "})
    void aBodyThatTheContainerDecodesHasNeitherCodingNorLength(String coding) {
        FakeCaller caller = new FakeCaller().header("Content-Encoding", coding).header("Content-Type", "text/plain").bodyOfLength(20);
        assertThat(RequestHead.of(caller.request(), () -> true))
                .isEqualTo(new RequestHead(java.util.List.of(new HttpField("Content-Type", "text/plain")), java.util.Map.of(), -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "identity", "compress", "gzip, br", "aes128gcm"})
    void aBodyThatItLeavesAloneKeepsBoth(String coding) {
        FakeCaller caller = new FakeCaller().header("Content-Encoding", coding).bodyOfLength(20);
        RequestHead head = RequestHead.of(caller.request(), () -> true);
        assertThat(head.fields()).containsExactly(new HttpField("Content-Encoding", coding));
        assertThat(head.length()).isEqualTo(20);
    }

    @Test
    void aContainerThatDecodesNothingLeavesAllAsItIs() {
        FakeCaller caller = new FakeCaller().header("Content-Encoding", "gzip").bodyOfLength(20);
        assertThat(RequestHead.of(caller.request(), () -> false).length()).isEqualTo(20);
    }

    @Test
    void anAgentGetsTheHeadersOfItsOwnListAndNoOtherDoes() {
        FakeCaller caller = new FakeCaller().header("X-Team", "blue").header("X-Other", "red").header("Authorization", "Bearer a")
                .header("Accept", "text/plain");
        RequestHead head = RequestHead.of(caller.request(), () -> true);
        assertThat(head.with(Set.of())).containsExactly(new HttpField("Accept", "text/plain"));
        assertThat(head.with(Set.of("x-team", "authorization", "x-absent")))
                .containsExactly(new HttpField("Accept", "text/plain"), new HttpField("X-Team", "blue"));
        assertThatThrownBy(() -> RequestHead.of(new FakeCaller().header("X-Team", "v".repeat(4097)).request(), () -> true).with(Set.of("x-team")))
                .isInstanceOf(RequestException.class).hasMessageContaining("X-Team");
    }

    private static void refused(FakeCaller caller, String header) {
        assertThatThrownBy(() -> RequestHead.of(caller.request(), () -> true)).isInstanceOfSatisfying(RequestException.class, refused -> {
            assertThat(refused.kind()).isEqualTo(Kind.VALIDATION);
            assertThat(refused.getMessage()).contains(header + " ");
        });
    }
}
