package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrossOriginTest {

    private static final String ORIGIN = "https://shop.example";

    private final FakeCaller caller = new FakeCaller();

    private void complete() {
        CrossOrigin.complete(caller.request(), caller.response());
    }

    @Test
    void answersToPagesVaryByTheirOriginWhetherOrNotItIsAllowed() {
        caller.header("Origin", ORIGIN);
        complete();
        assertThat(caller.answerHeaders("Vary")).containsExactly("Origin");
        assertThat(caller.answerHeaders("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void noPageIsToldToSendCookies() {
        caller.header("Origin", ORIGIN);
        caller.response().setHeader("Access-Control-Allow-Origin", "*");
        caller.response().setHeader("access-control-allow-credentials", "true");
        caller.response().addHeader("Access-Control-Expose-Headers", "x-a");
        complete();
        assertThat(caller.answerHeaders("Access-Control-Allow-Credentials")).isEmpty();
        assertThat(caller.answerHeaders("access-control-allow-credentials")).isEmpty();
        assertThat(caller.answerHeaders("Access-Control-Allow-Origin")).containsExactly("*");
        assertThat(caller.answerHeaders("Access-Control-Expose-Headers")).containsExactly("x-a");
    }

    @Test
    void whoIsNoPageIsAnsweredAsBefore() {
        complete();
        assertThat(caller.answerHeaders("Vary")).isEmpty();
    }
}
