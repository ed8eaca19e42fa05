package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.SessionView.Status;
import dev.agentruntime.api.StartMode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/** Tells a listener of everything that there is to tell, once each, of an agent {@code every}: whatever can be metered is then. */
final class OneOfEach {

    private static final String AGENT = "every";
    private static final Duration A_WHILE = Duration.ofMillis(20);

    private OneOfEach() {}

    static void tell(PlatformListener listener) {
        listener.sessionBegan(AGENT);
        listener.sessionMoved(AGENT, Status.PROVISIONING, Status.ACTIVE);
        listener.sessionMoved(AGENT, Status.ACTIVE, Status.IDLE);
        listener.sessionMoved(AGENT, Status.IDLE, Status.HIBERNATED);
        listener.used(AGENT, 2_000_000_000, BigDecimal.TEN);
        listener.pooled(AGENT, 2);
        for (StartMode mode : StartMode.values()) {
            listener.sessionStarted(AGENT, mode, A_WHILE);
        }
        for (EndCode code : EndCode.values()) {
            listener.sessionEnded(AGENT, code);
        }
        for (Invocation.Outcome outcome : Invocation.Outcome.values()) {
            listener.invocationEnded(AGENT, outcome, A_WHILE);
        }
        for (PlatformWork work : PlatformWork.values()) {
            listener.platformUsed(work, 2_000_000_000);
        }
        for (PingStatus status : PingStatus.values()) {
            listener.pinged(AGENT, status);
        }
        for (PlatformFailure kind : PlatformFailure.values()) {
            listener.failed(kind == PlatformFailure.LEDGER ? "" : AGENT, kind);
        }
        for (OutboundConnection.Outcome outcome : OutboundConnection.Outcome.values()) {
            listener.outboundEnded(AGENT, new OutboundConnection(Instant.EPOCH, "outbound/models", "models.example", OptionalInt.of(443), 1, 2, outcome,
                    A_WHILE, ""));
        }
        for (CredentialRead.Outcome outcome : CredentialRead.Outcome.values()) {
            listener.credentialRead(new CredentialRead("models", outcome));
        }
        for (BudgetNews.Per per : BudgetNews.Per.values()) {
            for (BudgetNews.Measure measure : BudgetNews.Measure.values()) {
                for (BudgetNews.Level level : BudgetNews.Level.values()) {
                    listener.budget(AGENT, new BudgetNews(per, measure, level, "A budget of this test."));
                }
            }
        }
    }
}
