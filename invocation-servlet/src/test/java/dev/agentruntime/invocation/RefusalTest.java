package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.VmException;
import jakarta.json.JsonObject;
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
        "PLATFORM, 500, InternalServerException"})
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
    void theAgentsOwnWordsAndLogAreShown() {
        JsonObject json = Views.refusal(Refusal.of(Kind.AGENT, "Received error (500) from the agent")
                .with(new Fault(500, "on fire")).withLog(List.of("a", "b")));
        assertThat(json).hasToString("{\"message\":\"Received error (500) from the agent\",\"agentStatus\":500,"
                + "\"agentMessage\":\"on fire\",\"log\":[\"a\",\"b\"]}");
    }
}
