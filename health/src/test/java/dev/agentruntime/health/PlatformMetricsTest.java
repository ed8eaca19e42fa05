package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.SessionView.Status;
import dev.agentruntime.api.StartMode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PlatformMetricsTest {

    private final TestMetrics numbers = new TestMetrics();
    private final PlatformMetrics meters = new PlatformMetrics(numbers.registry());

    @Test
    void sessionsAreCountedWhereTheyAre() {
        meters.sessionBegan("hello");
        meters.sessionBegan("hello");
        meters.sessionMoved("hello", Status.PROVISIONING, Status.ACTIVE);
        assertThat(numbers.value("agent_sessions{runtime=hello,state=provisioning}")).isEqualTo(1);
        assertThat(numbers.value("agent_sessions{runtime=hello,state=active}")).isEqualTo(1);
        meters.sessionMoved("hello", Status.ACTIVE, Status.TERMINATED);
        assertThat(numbers.value("agent_sessions{runtime=hello,state=active}")).isZero();
        assertThat(numbers.names()).noneMatch(name -> name.contains("terminated"));
    }

    @Test
    void aSessionThatBeganBeforeWeListenedIsNotCountedBelowZero() {
        meters.sessionMoved("hello", Status.IDLE, Status.TERMINATED);
        assertThat(numbers.value("agent_sessions{runtime=hello,state=idle}")).isZero();
    }

    @Test
    void startsEndsAndInvocationsAreToldByWhatTheyWere() {
        meters.sessionStarted("hello", StartMode.CLONE, Duration.ofMillis(250));
        meters.sessionEnded("hello", EndCode.IDLE_TIMEOUT);
        meters.invocationEnded("hello", Invocation.Outcome.SUCCESS, Duration.ofSeconds(2));
        assertThat(numbers.value("agent_session_starts{mode=clone,runtime=hello}")).isEqualTo(0.25);
        assertThat(numbers.value("agent_session_ends_total{reason=idle_timeout,runtime=hello}")).isEqualTo(1);
        assertThat(numbers.value("agent_invocations{outcome=success,runtime=hello}")).isEqualTo(2);
    }

    @Test
    void whatIsUsedAddsUp() {
        meters.used("hello", 1_500_000_000, new BigDecimal("1000"));
        meters.used("hello", 500_000_000, new BigDecimal("0.5"));
        meters.platformUsed(PlatformWork.TEMPLATE, 3_000_000_000L);
        assertThat(numbers.value("agent_cpu_seconds_total{runtime=hello}")).isEqualTo(2);
        assertThat(numbers.value("agent_memory_byte_seconds_total{runtime=hello}")).as("whole ones").isEqualTo(1000);
        meters.used("hello", 0, new BigDecimal("0.75"));
        assertThat(numbers.value("agent_memory_byte_seconds_total{runtime=hello}")).isEqualTo(1001);
        assertThat(numbers.value("agent_platform_cpu_seconds_total{work=template}")).isEqualTo(3);
    }

    @Test
    void waitingVmsAreTheLatestNumber() {
        meters.pooled("hello", 4);
        meters.pooled("hello", 1);
        assertThat(numbers.value("agent_pool_vms{runtime=hello}")).isEqualTo(1);
    }

    @Test
    void requestsForCredentialsAreCountedByProviderAndOutcome() {
        meters.credentialRead(new CredentialRead("openai", CredentialRead.Outcome.GIVEN));
        meters.credentialRead(new CredentialRead("openai", CredentialRead.Outcome.GIVEN));
        meters.credentialRead(new CredentialRead("github", CredentialRead.Outcome.CONSENT));
        meters.credentialRead(new CredentialRead("", CredentialRead.Outcome.REFUSED));
        assertThat(numbers.value("agent_credential_reads_total{outcome=given,provider=openai}")).isEqualTo(2);
        assertThat(numbers.value("agent_credential_reads_total{outcome=consent,provider=github}")).isEqualTo(1);
        assertThat(numbers.value("agent_credential_reads_total{outcome=refused,provider=}")).isEqualTo(1);
    }

    @Test
    void pingsAndFailuresAreCountedByKind() {
        for (PingStatus status : PingStatus.values()) {
            meters.pinged("hello", status);
        }
        meters.pinged("hello", PingStatus.FAILED);
        for (PlatformFailure kind : PlatformFailure.values()) {
            meters.failed("hello", kind);
        }
        assertThat(numbers.value("agent_pings_total{answer=healthy_busy,runtime=hello}")).isEqualTo(1);
        assertThat(numbers.value("agent_pings_total{answer=failed,runtime=hello}")).isEqualTo(2);
        assertThat(numbers.names()).filteredOn(name -> name.startsWith("agent_failures_total"))
                .hasSize(PlatformFailure.values().length).contains("agent_failures_total{kind=vm_start,runtime=hello}");
    }

    @Test
    void budgetsThatAreNearlyUsedUpAndThatAreAreCountedByWhoseTheyAre() {
        meters.budget("hello", new BudgetNews(BudgetNews.Per.AGENT, BudgetNews.Measure.WALL_TIME, BudgetNews.Level.WARNED, "Most of it is used."));
        meters.budget("hello", new BudgetNews(BudgetNews.Per.SESSION, BudgetNews.Measure.CPU, BudgetNews.Level.REACHED, "All of it is used."));
        meters.budget("hello", new BudgetNews(BudgetNews.Per.SESSION, BudgetNews.Measure.CPU, BudgetNews.Level.REACHED, "All of it is used."));
        assertThat(numbers.value("agent_budget_events_total{level=warned,measure=wall_time,per=agent,runtime=hello}")).isEqualTo(1);
        assertThat(numbers.value("agent_budget_events_total{level=reached,measure=cpu,per=session,runtime=hello}")).isEqualTo(2);
    }

    @Test
    void whatGoesOutIsCountedByAgentAndOutcomeWithItsBytes() {
        for (OutboundConnection.Outcome outcome : List.of(OutboundConnection.Outcome.OK, OutboundConnection.Outcome.DENIED, OutboundConnection.Outcome.OK)) {
            meters.outboundEnded("hello", new OutboundConnection(Instant.EPOCH, "outbound/openai", "api.example", OptionalInt.of(443), 30, 700,
                    outcome, Duration.ofMillis(20), ""));
        }
        assertThat(numbers.value("agent_outbound_connections{outcome=ok,runtime=hello}")).as("seconds").isEqualTo(0.04);
        assertThat(numbers.value("agent_outbound_connections{outcome=denied,runtime=hello}")).as("seconds").isEqualTo(0.02);
        assertThat(numbers.value("agent_outbound_bytes_total{direction=out,runtime=hello}")).isEqualTo(90);
        assertThat(numbers.value("agent_outbound_bytes_total{direction=in,runtime=hello}")).isEqualTo(2100);
    }
}
