package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.VmException;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {

    @ParameterizedTest
    @CsvSource({
        "VALIDATION, 400, ValidationException", "FORBIDDEN, 403, AccessDeniedException",
        "NOT_FOUND, 404, ResourceNotFoundException", "RETRYABLE_CONFLICT, 409, RetryableConflictException",
        "QUOTA, 402, ServiceQuotaExceededException", "AGENT, 424, RuntimeClientError",
        "THROTTLED, 429, ThrottlingException", "UNAVAILABLE, 503, InternalServerException", "PLATFORM, 500, InternalServerException"})
    void everyKindHasAgentCoresAnswer(Kind kind, int status, String type) {
        Refusal refusal = Refusal.of(new CompletionException(new RequestException(kind, "why")));
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.type()).isEqualTo(type);
        assertThat(refusal.message()).isEqualTo("why");
    }

    @Test
    void whatIsNobodyElsesFaultIsThePlatforms() {
        assertThat(Refusal.of(new VmException("gone"))).returns(500, Refusal::status)
                .returns("InternalServerException", Refusal::type);
    }

    @Test
    void whoeverMayAskAgainIsToldWhen() {
        assertThat(Refusal.of(RequestException.throttled("slowly", Duration.ofMillis(40))).retryAfter()).hasValue(Duration.ofMillis(40));
        assertThat(Refusal.of(RequestException.throttled("slowly", Duration.ofMillis(40)))).returns(429, Refusal::status);
        assertThat(Refusal.of(Kind.THROTTLED, "why").retryAfter()).hasValue(Duration.ofSeconds(1));
        assertThat(Refusal.of(Kind.RETRYABLE_CONFLICT, "why").withLog(List.of("a")).withoutFolders().retryAfter()).hasValue(Duration.ofSeconds(1));
        assertThat(Refusal.of(Kind.UNAVAILABLE, "why").retryAfter()).hasValue(Duration.ofSeconds(1));
        assertThat(Refusal.of(Kind.QUOTA, "why").retryAfter()).isEmpty();
        assertThat(Refusal.ofStatus(429, "why").retryAfter()).hasValue(Duration.ofSeconds(1));
        assertThat(Refusal.ofStatus(503, "not yet").retryAfter()).hasValue(Duration.ofSeconds(1));
        assertThat(Refusal.of(new InboundVerdict.Refused(503, "InternalServerException", "not yet")).retryAfter()).hasValue(Duration.ofSeconds(1));
        assertThat(Refusal.ofStatus(500, "why").retryAfter()).isEmpty();
    }

    @Test
    void secondsAreWholeAndNeverTooFew() throws Exception {
        for (String[] pair : new String[][] {{"PT0.000000001S", "1"}, {"PT0.001S", "1"}, {"PT1S", "1"}, {"PT1.000000001S", "2"}}) {
            FakeCaller caller = new FakeCaller();
            Answers.refuse(caller.response(), Refusal.of(RequestException.throttled("slowly", Duration.parse(pair[0]))));
            assertThat(caller.answerHeaders("Retry-After")).containsExactly(pair[1]);
        }
        FakeCaller quota = new FakeCaller();
        Answers.refuse(quota.response(), Refusal.of(Kind.QUOTA, "why"));
        assertThat(quota.answerHeaders("Retry-After")).isEmpty();
    }

    @Test
    void theAgentsOwnWordsAndLogAreShown() {
        JsonObject json = Views.refusal(Refusal.of(Kind.AGENT, "Received error (500) from the agent")
                .with(new Fault(500, "on fire")).withLog(List.of("a", "b")));
        assertThat(json).hasToString("{\"message\":\"Received error (500) from the agent\",\"agentStatus\":500,"
                + "\"agentMessage\":\"on fire\",\"log\":[\"a\",\"b\"]}");
    }
}
