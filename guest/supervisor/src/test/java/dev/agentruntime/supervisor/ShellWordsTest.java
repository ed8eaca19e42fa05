package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {

    private static String text(byte[] words) {
        return new String(words, StandardCharsets.UTF_8);
    }

    @Test
    void whoConnectsAgainHearsHowMuchWasDropped() {
        assertThat(text(ShellWords.connected("one", true, 7))).isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{\"shellId\":\"one\","
                + "\"reconnected\":true,\"bytesDropped\":7},\"status\":\"Success\"}");
        assertThat(text(ShellWords.connected("one", false, 0))).doesNotContain("bytesDropped").contains("\"reconnected\":false");
    }

    @Test
    void aShellThatHasEndedWellIsASuccess() {
        assertThat(text(ShellWords.ended(0))).isEqualTo("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\"}");
    }

    @Test
    void anotherOnesCodeIsAmongTheCauses() {
        assertThat(text(ShellWords.ended(3))).contains("\"status\":\"Failure\"", "\"reason\":\"NonZeroExitCode\"", "{\"reason\":\"ExitCode\",\"message\":\"3\"}");
    }

    @Test
    void aSizeIsReadInAnyOrder() {
        assertThat(ShellWords.size("{\"height\": 50, \"width\" :132}")).contains(new ShellWords.Size(132, 50));
        assertThat(ShellWords.size("{\"width\":10000,\"height\":1,\"more\":{}}")).contains(new ShellWords.Size(10_000, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"width\":80}", "{\"width\":0,\"height\":24}", "{\"width\":80,\"height\":10001}", "{\"width\":-1,\"height\":24}",
        "{\"width\":123456,\"height\":24}", "{\"width\":\"80\",\"height\":24}"})
    void whatNoTerminalMayHaveIsNoSize(String json) {
        assertThat(ShellWords.size(json)).isEmpty();
    }
}
