package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AWS's client for JavaScript does the same; what it does is in {@code cases.mjs}. Needs node and npm on the path. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class JavaScriptClientIT {

    private static final Map<String, Map<String, Object>> TOLD = new HashMap<>();

    @BeforeAll
    static void runAllCases() throws Exception {
        assumeTrue(Node.isThere(), "node and npm are not on the path");
        Server server = Server.running();
        Node.run(Duration.ofMinutes(3), "cases.mjs", """
                {"endpoint":"%s","region":"%s","keyId":"%s","secret":"%s","narrowKeyId":"%s","serversToken":"%s","ownToken":"%s"}""".formatted(
                Server.ENDPOINT, Server.REGION, Server.KEY_ID, Server.SECRET, Server.NARROW_KEY_ID, server.servers.token("alice"), server.own.token("bob")))
                .forEach(told -> TOLD.put((String) told.get("case"), told));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "keyByArn", "serversToken", "ownToken", "wrongClockThatIsSetRight"})
    void aKeyAndATokenInvoke(String name) {
        assertThat(TOLD.get(name)).as(name).containsEntry("status", 200L).containsEntry("text", "{\"prompt\":\"hello\"}");
        assertThat((String) TOLD.get(name).get("session")).hasSizeGreaterThanOrEqualTo(33);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "otherBody | 403 | InvalidSignatureException | The body is not the one that was signed",
        "otherHeader | 403 | InvalidSignatureException | not that of this request",
        "otherPath | 403 | InvalidSignatureException | not that of this request",
        "oldDate | 403 | InvalidSignatureException | Signature expired",
        "futureDate | 403 | InvalidSignatureException | not yet current",
        "unknownKey | 403 | UnrecognizedClientException | no access key of this id",
        "wrongSecret | 403 | InvalidSignatureException | not that of this request",
        "wrongRegion | 403 | InvalidSignatureException | region eu-central-1",
        "wrongService | 403 | InvalidSignatureException | service bedrock-agentcore",
        "bodyTooLarge | 400 | ValidationException | larger than 100000000 bytes",
        "missingRight | 403 | AccessDeniedException | no right to the agent runtime signed",
        "missingRightToNameUsers | 403 | AccessDeniedException | mayNameUsers",
        "signatureWhereTokensOpen | 403 | AccessDeniedException | takes no signatures",
        "tokenWhereSignaturesOpen | 403 | MissingAuthenticationTokenException | signed with an access key",
        "tokenOfAnotherIssuer | 401 | UnauthorizedException | not valid for this agent runtime",
        "commandWithAnOddTimeout | 400 | ValidationException | 1 to 3600",
        "commandWithoutTheRight | 403 | AccessDeniedException | no right",
        "signedUrlAgain | 403 | InvalidSignatureException | used already",
        "signedUrlWithoutRight | 403 | AccessDeniedException | no right"})
    void whatIsWrongIsRefusedAsTheClientKnowsIt(String name, long status, String type, String words) {
        assertThat(TOLD.get(name)).as(name).containsEntry("status", status).containsEntry("name", type);
        assertThat((String) TOLD.get(name).get("text")).contains(words);
    }

    @Test
    void aMissingRightIsAnExceptionOfItsOwn() {
        assertThat(TOLD.get("missingRight")).containsEntry("typed", "AccessDeniedException");
        assertThat(TOLD.get("tokenOfAnotherIssuer")).containsEntry("typed", "UnauthorizedException");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "command | 1 say grüß; exit 4 oh 4 COMPLETED",
        "commandThatTakesTooLong | 1 sleep 9 oh 137 TIMED_OUT"})
    void aCommandsEventsAreThoseThatTheClientKnows(String name, String said) {
        assertThat(TOLD.get(name)).as(name).containsEntry("status", 200L).containsEntry("text", said);
        assertThat((String) TOLD.get(name).get("session")).hasSizeGreaterThanOrEqualTo(33);
    }

    @Test
    void aTokenThatMayOnlyInvokeRunsNoCommand() {
        assertThat(TOLD.get("commandByToken")).containsEntry("name", "AccessDeniedException").containsEntry("status", 403L);
    }

    @Test
    void aSignedUrlInvokes() {
        assertThat(TOLD.get("signedUrl")).containsEntry("status", 200L).containsEntry("text", "hello");
    }
}
