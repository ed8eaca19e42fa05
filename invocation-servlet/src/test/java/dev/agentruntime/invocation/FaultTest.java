package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"error\":\"on fire\"} | on fire", "{\"message\":\"m\",\"code\":1} | m", "{\"error\":{\"a\":1}} | {\"error\":{\"a\":1}}",
        "{\"error\":\"Invalid JSON\",\"details\":\"no brace\"} | Invalid JSON: no brace", "{\"error\":\"e\",\"details\":[1]} | e", "plain | plain", "{\"error\":\"cut o | {\"error\":\"cut o", "[1] | [1]", "{\"a\":1e99999999999} | {\"a\":1e99999999999}"})
    void anAgentsWordsAreFoundInItsBody(String body, String words) {
        assertThat(Fault.of(500, "application/json", body)).isEqualTo(new Fault(500, words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":[", "{\"error\":["})
    void aBodyThatIsNestedTooDeeplyIsItsOwnWords(String part) {
        String body = part.repeat(4096 / part.length());
        assertThat(Fault.of(500, "", body).words()).isEqualTo(body);
    }

    @Test
    void theMessageHasTheWordsToo() {
        Refusal refusal = Fault.of(500, "application/json", "{\"error\":\"the tea is cold\"}").refusal();
        assertThat(refusal.status()).isEqualTo(424);
        assertThat(refusal.message()).isEqualTo("Received error (500) from the agent: the tea is cold");
        assertThat(refusal.agent()).contains(new Fault(500, "the tea is cold"));
    }

    @Test
    void theMessageHasTwoHundredCharactersOfThemOnOneLine() {
        String smile = "\uD83D\uDE00";
        assertThat(Fault.of(500, "", smile.repeat(201)).refusal().message())
                .isEqualTo("Received error (500) from the agent: " + smile.repeat(200) + "…");
        assertThat(Fault.of(500, "", "a\r\n\tb\u001b[31mc\0").refusal().message())
                .isEqualTo("Received error (500) from the agent: a b [31mc");
    }

    @Test
    void whatAnAgentSaidCannotBeginALineOfALog() {
        assertThat(Fault.excerpt("a\r\n[11/26/26] FORGED\u0085b\u2028c\u2029d\u001b[1me"))
                .isEqualTo("a [11/26/26] FORGED b c d [1me");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void anErrorWithoutWordsIsItsStatus(String body) {
        assertThat(Fault.of(503, "", body).refusal().message()).isEqualTo("Received error (503) from the agent");
    }

    @Test
    void htmlIsToldAsText() {
        String page = """
                <!DOCTYPE html><html><head><title>Error</title><style>b { color: red }</style></head>
                <body><!-- made by a server --><h1>Error 500:</h1> <p>jakarta.servlet.ServletException: boom &lt;here&gt; &amp; there</p>
                <script>alert(1)</script></body></html>""";
        assertThat(Fault.of(500, "text/html;charset=UTF-8", page).words())
                .isEqualTo("Error 500: jakarta.servlet.ServletException: boom <here> & there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<", "<script>", "<!--", "<script <script ", "</", "<style></style"})
    void htmlThatNeverEndsIsReadQuickly(String part) {
        assertThat(Fault.of(500, "text/html", part.repeat(4096 / part.length())).words()).hasSizeLessThanOrEqualTo(4096);
    }
}
