package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NoAnswerTest {

    private static final SessionView LIVES = new FakeInvocation(1).session();

    private final AgentClient client = new AgentClient();
    private final FakeInput in = new FakeInput();
    private final Upload upload = new Upload(in, 10, BodyCheck.NONE, client,
            new StalledUploads().of(new Subject("https://idp.test", "alice")), cause -> { });

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void anAgentThatClosesItsConnectionIsAtFault() {
        NoAnswer why = NoAnswer.of(new EOFException("HttpConnectionOverHTTP@1f"), upload, () -> LIVES, true);
        assertThat(why.outcome()).isEqualTo(Outcome.AGENT_ERROR);
        assertThat(why.refusal().status()).isEqualTo(424);
        assertThat(why.refusal().message()).isEqualTo("The agent broke off before it answered: it closed the connection");
    }

    @Test
    void aSessionThatWasEndedForABudgetIsNobodysFaultAndItsCallerIsToldWhich() {
        SessionView ended = new SessionView("s", "echo", "v", SessionView.Status.TERMINATED, LIVES.subject(), LIVES.createdAt(), LIVES.createdAt(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("Session echo/s may use 10s of CPU."), LIVES.usage()).endedFor(EndCode.BUDGET);
        NoAnswer why = NoAnswer.of(new EOFException("HttpConnectionOverHTTP@1f"), upload, () -> ended, true);
        assertThat(why.outcome()).isEqualTo(Outcome.BUDGET);
        assertThat(why.refusal().status()).isEqualTo(402);
        assertThat(why.refusal().type()).isEqualTo("ServiceQuotaExceededException");
        assertThat(why.refusal().message()).isEqualTo("The session was ended before the agent answered: Session echo/s may use 10s of CPU.");
    }

    @Test
    void anAgentThatTakesTooLongIsToldWhatToDo() {
        assertThat(NoAnswer.of(new TimeoutException("no answer within PT15M"), upload, () -> LIVES, true).refusal().message())
                .startsWith("The agent gave no answer within PT15M; answer sooner");
    }

    @Test
    void moreThanMayWaitIsTheCallersMatterUnlessTheServerStops() {
        RejectedExecutionException full = new RejectedExecutionException("queue");
        assertThat(NoAnswer.of(full, upload, () -> LIVES, true).refusal().status()).isEqualTo(429);
        assertThat(NoAnswer.of(full, upload, () -> LIVES, true).outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(NoAnswer.of(full, upload, () -> LIVES, false).outcome()).isEqualTo(Outcome.AGENT_ERROR);
    }

    @Test
    void aBodyThatCannotBeReadIsItsCallersFaultWhateverTheAgentDid() {
        upload.read();
        in.fail(new IOException("bad chunk"));
        await().until(() -> upload.failure().isPresent());
        NoAnswer why = NoAnswer.of(upload.failure().orElseThrow(), upload, () -> {
            throw new IllegalStateException("nobody needs the session");
        }, true);
        assertThat(why.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(why.refusal().status()).isEqualTo(400);
        assertThat(why.refusal().message()).endsWith("bad chunk");
    }

    @Test
    void whatAnAgentHasAPartInIsToldOnOneLine() {
        assertThat(NoAnswer.reason(new IOException("a\r\nFORGED b"))).isEqualTo("a FORGED b");
        assertThat(NoAnswer.reason(new IOException())).isEqualTo("java.io.IOException");
    }
}
