package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {

    @Test
    void everyPathOfTheFrontDoorIsKnown() {
        assertThat(Route.of("/runtimes")).isEqualTo(new Route.AllRuntimes());
        assertThat(Route.of("/runtimes/hello")).isEqualTo(new Route.OneRuntime("hello"));
        assertThat(Route.of("/runtimes/hello/invocations")).isEqualTo(new Route.Invocations("hello"));
        assertThat(Route.of("/runtimes/hello/sessions")).isEqualTo(new Route.Sessions("hello"));
        assertThat(Route.of("/runtimes/hello/sessions/s1")).isEqualTo(new Route.OneSession("hello", "s1"));
    }

    @Test
    void anArnStaysInItsSegment() {
        assertThat(Route.of("/runtimes/arn%3Aaws%3Aruntime%2Fhello/invocations"))
                .isEqualTo(new Route.Invocations("arn:aws:runtime/hello"));
    }

    @Test
    void aPlusSignIsAPlusSign() {
        assertThat(Route.of("/runtimes/a+b")).isEqualTo(new Route.OneRuntime("a+b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/runtimes/", "/runtimes//invocations", "/runtime", "/runtimes/a/other",
            "/runtimes/a/sessions/s/more", "/runtimes/%zz", "/runtimes/a%2", "/runtimes/a%2Finvocations/sessions/s/x"})
    void anythingElseIsUnknown(String path) {
        assertThat(Route.of(path)).isEqualTo(new Route.Unknown());
    }
}
