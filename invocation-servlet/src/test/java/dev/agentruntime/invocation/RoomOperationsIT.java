package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Operations that another room adds to the front door, in a real Open Liberty. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class RoomOperationsIT {

    private final TestDoor door = TestDoor.open();
    private String root;

    @BeforeEach
    void signIn() throws Exception {
        root = door.tokens.token("root", "agent-admin");
    }

    @Test
    void aSlashAtTheEndOfAPathCounts() throws Exception {
        HttpResponse<String> listed = TestDoor.send(TestDoor.authorized(TestDoor.uri("/runtimes/?maxResults=3&tag=a&tag=b%2Fc"), root)
                .POST(BodyPublishers.noBody()));
        assertThat(listed.statusCode()).isEqualTo(202);
        assertThat(listed.body()).contains("maxResults=[3]", "tag=[a, b/c]");
        assertThat(listed.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(TestDoor.get("/runtimes/hello-0123456789/", root).body()).contains("hello-0123456789");
        assertThat(TestDoor.get("/runtimes", root).body()).contains("\"runtimes\"");
    }

    @Test
    void anArnInAPathArrivesWhole() throws Exception {
        String arn = "arn%3Aaws%3Abedrock-agentcore%3Alocal%3A000000000000%3Aruntime%2Fhello-0123456789";
        assertThat(TestDoor.get("/tags/" + arn, door.alice).body()).contains("arn:aws:bedrock-agentcore:local:000000000000:runtime/hello-0123456789");
        HttpResponse<String> deleted = TestDoor.send(TestDoor.authorized(TestDoor.uri("/tags/" + arn), root).DELETE());
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
    }

    @Test
    void onlyAdministratorsMayAskForWhatIsTheirs() throws Exception {
        HttpResponse<String> refused = TestDoor.send(TestDoor.authorized(TestDoor.uri("/runtimes/"), door.alice).POST(BodyPublishers.noBody()));
        assertThat(refused.statusCode()).isEqualTo(403);
        TestDoor.assertRefusal(refused, "AccessDeniedException");
    }

    @Test
    void whereAnybodyMayComeNobodyIsAskedForAToken() throws Exception {
        HttpResponse<String> open = TestDoor.send(HttpRequest.newBuilder(TestDoor.uri("/open/door")));
        assertThat(open.statusCode()).isEqualTo(202);
        assertThat(open.body()).contains("door of urn:agent-runtime:nobody");
        assertThat(TestDoor.send(HttpRequest.newBuilder(TestDoor.uri("/tags/door"))).statusCode()).isEqualTo(401);
        assertThat(TestDoor.send(HttpRequest.newBuilder(TestDoor.uri("/open/door")).DELETE()).statusCode()).isEqualTo(401);
    }

    @Test
    void aBodyIsReadAsItComes() throws Exception {
        HttpResponse<String> taken = TestDoor.send(TestDoor.authorized(TestDoor.uri("/artifacts/a.war"), root)
                .header("Content-Digest", "sha-256=:x:").PUT(BodyPublishers.ofByteArray(new byte[500_000])));
        assertThat(taken.body()).contains("500000 of 500000 sha-256=:x:");
    }

    @Test
    void aBodyThatIsRefusedLeavesTheServerAsItWas() throws Exception {
        HttpResponse<String> refused = TestDoor.send(TestDoor.authorized(TestDoor.uri("/artifacts/a.war"), root)
                .PUT(BodyPublishers.ofByteArray(new byte[(1 << 20) + 100_000])));
        assertThat(refused.statusCode()).isEqualTo(413);
        TestDoor.assertRefusal(refused, "ValidationException");
        assertThat(TestDoor.get("/runtimes/hello-0123456789/", root).statusCode()).isEqualTo(202);
    }
}
