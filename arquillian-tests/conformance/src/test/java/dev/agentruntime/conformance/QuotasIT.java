package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.model.BedrockAgentCoreException;
import software.amazon.awssdk.services.bedrockagentcore.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockagentcore.model.ThrottlingException;

/** What there is no more of is told to AWS's client for Java in its own exceptions. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class QuotasIT {

    private static final String STANDARD = "maxSessions=\"1000\"";

    private final Server server = Server.running();
    private String now = STANDARD;

    @AfterEach
    void restore() throws Exception {
        configure(STANDARD);
        try (BedrockAgentCoreClient client = JavaClient.withTokenOnce(server.servers.token("restorer"))) {
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(() -> {
                for (int i = 0; i < 3; i++) {
                    JavaClient.invoke(client, "hello");
                }
            });
        }
    }

    private void configure(String quotas) throws Exception {
        Server.configure("agents\" " + now + " pauseAfter", "agents\" " + quotas + " pauseAfter");
        now = quotas;
    }

    private static void throttled(BedrockAgentCoreClient client, String words) {
        assertThat(catchThrowable(() -> {
            for (int i = 0; i < 20; i++) {
                JavaClient.invoke(client, "hello");
            }
        })).isInstanceOfSatisfying(ThrottlingException.class, refused -> {
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.awsErrorDetails().errorMessage()).contains(words);
            assertThat(refused.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Retry-After")).hasValue("1");
        });
    }

    @Test
    void oneAgentHasNoMoreSessionsThanItMay() {
        try (BedrockAgentCoreClient client = JavaClient.withToken(server.servers.token("alice"))) {
            String session = JavaClient.invoke(client, "few").response().runtimeSessionId();
            assertThatThrownBy(() -> JavaClient.invoke(client, "few")).isInstanceOfSatisfying(ServiceQuotaExceededException.class, refused -> {
                assertThat(refused.statusCode()).isEqualTo(402);
                assertThat(refused.awsErrorDetails().errorMessage()).contains("Agent runtime few has 1 sessions");
            });
            JavaClient.invoke(client, "few", request -> request.runtimeSessionId(session));
            client.stopRuntimeSession(request -> request.agentRuntimeArn("few").runtimeSessionId(session));
            JavaClient.invoke(client, "few");
        }
    }

    @Test
    void allAgentsHaveNoMoreSessionsThanTheyMayNorHasOneCaller() throws Exception {
        try (BedrockAgentCoreClient client = JavaClient.withToken(server.servers.token("greedy"))) {
            JavaClient.invoke(client, "hello");
            configure("maxSessions=\"1000\" maxSessionsPerSubject=\"1\"");
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThatThrownBy(() -> JavaClient.invoke(client, "hello"))
                    .isInstanceOf(ServiceQuotaExceededException.class).hasMessageContaining("maxSessionsPerSubject"));
            configure("maxSessions=\"1\"");
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThatThrownBy(() -> JavaClient.invoke(client, "hello"))
                    .isInstanceOf(ServiceQuotaExceededException.class).hasMessageContaining("attribute maxSessions "));
        }
    }

    @Test
    void sessionsBeginNoFasterThanTheyMayAndAClientThatTriesAgainGetsThrough() throws Exception {
        configure("maxSessions=\"1000\" newSessionsPerSecond=\"1\"");
        try (BedrockAgentCoreClient once = JavaClient.withTokenOnce(server.servers.token("hasty"));
                BedrockAgentCoreClient patient = JavaClient.withToken(server.servers.token("hasty"))) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> throttled(once, "newSessionsPerSecond"));
            await().atMost(Duration.ofSeconds(30)).ignoreException(BedrockAgentCoreException.class)
                    .untilAsserted(() -> JavaClient.invoke(patient, "hello"));
        }
    }

    @Test
    void requestsAreTakenNoFasterThanTheyMayBe() throws Exception {
        configure("maxSessions=\"1000\" requestsPerSecondPerSubject=\"2\"");
        try (BedrockAgentCoreClient hasty = JavaClient.withTokenOnce(server.servers.token("hasty"));
                BedrockAgentCoreClient other = JavaClient.withTokenOnce(server.servers.token("other"))) {
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> throttled(hasty, "requestsPerSecondPerSubject"));
            JavaClient.invoke(other, "hello");
            configure("maxSessions=\"1000\" requestsPerSecond=\"2\"");
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> throttled(other, "requestsPerSecond "));
        }
    }
}
