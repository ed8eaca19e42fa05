package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.bob;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may do what, and how a refusal reads. */
@ArquillianTest
@RunAsClient
class AccessIT {

    private static final String PROMPT = "{\"prompt\": \"Ada\"}";

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeEach
    void ready() {
        awaitReady("hello");
    }

    @Test
    void withoutAValidTokenNothingIsServed() {
        String session = newSession();
        assertThat(new AgentClient("").invoke("hello", session, PROMPT).statusCode()).isEqualTo(401);
        assertThat(new AgentClient("not.a.token").invoke("hello", session, PROMPT).statusCode()).isEqualTo(401);
        assertThat(new AgentClient(Identity.PROVIDER.expired("alice")).invoke("hello", session, PROMPT).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aTokenWithoutTheRoleIsRefused() {
        AgentClient stranger = new AgentClient(Identity.PROVIDER.withGroup("alice", "another-group"));
        assertThat(stranger.invoke("hello", newSession(), PROMPT).statusCode()).isEqualTo(403);
    }

    @Test
    void aSessionBelongsToWhoBeganIt() {
        String session = newSession();
        assertThat(alice().invoke("hello", session, PROMPT).statusCode()).isEqualTo(200);

        assertRefused(bob().invoke("hello", session, PROMPT), 403, "AccessDeniedException");
        assertRefused(bob().get("/agents/runtimes/hello/sessions/" + session), 403, "AccessDeniedException");
        assertRefused(bob().delete("/agents/runtimes/hello/sessions/" + session), 403, "AccessDeniedException");
        assertThat(bob().get("/agents/runtimes/hello/sessions").body()).doesNotContain(session);
        assertThat(admin().get("/agents/runtimes/hello/sessions").body()).contains(session);
        assertThat(json(alice().invoke("hello", session, PROMPT)).getInt("call")).isEqualTo(2);
    }

    @Test
    void whatIsWrongWithARequestIsNamed() {
        HttpResponse<String> shortId = alice().invoke("hello", "too-short", PROMPT);
        assertRefused(shortId, 400, "ValidationException");
        assertThat(json(shortId).getString("message")).contains("33");

        assertRefused(alice().invoke("nobody", newSession(), PROMPT), 404, "ResourceNotFoundException");
        assertRefused(alice().get("/agents/no/such/path"), 404, "ResourceNotFoundException");
    }

    @Test
    void anAgentsOwnErrorReachesTheCaller() {
        HttpResponse<String> answer = alice().invoke("hello", newSession(), "{\"fail\": \"the tea is cold\"}");

        assertRefused(answer, 424, "RuntimeClientError");
        assertThat(answer.body()).contains("the tea is cold");
        assertThat(json(answer).getInt("agentStatus")).isEqualTo(500);
        assertThat(json(answer).getJsonArray("log")).isNotEmpty();
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String type) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("x-amzn-ErrorType")).contains(type);
        assertThat(json(answer).getString("message")).isNotBlank();
    }
}
