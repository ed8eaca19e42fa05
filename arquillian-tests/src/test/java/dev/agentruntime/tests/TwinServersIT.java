package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers of one name, on one host with one state directory, which keep their sessions in one PostgreSQL. */
class TwinServersIT {

    private static final Path DATABASE = UntouchedLiberty.ROOT.resolve("arquillian-tests/target/twins-postgres");
    private static final String SCRIPT = UntouchedLiberty.ROOT.resolve("server-config/bin/test-postgres.sh").toString();

    private OwnServer one;
    private OwnServer two;
    private AgentClient alice;
    private AgentClient bob;

    @BeforeEach
    void set() throws Exception {
        String url = UntouchedLiberty.run(SCRIPT, "start", DATABASE.toString()).strip();
        one = create("one", 19095, url);
        two = create("two", 19096, url);
        alice = AgentClient.invoker(one.base(), "alice");
        bob = AgentClient.invoker(two.base(), "bob");
    }

    private static OwnServer create(String user, int port, String url) throws Exception {
        OwnServer server = OwnServer.createApart(user, "twin", port);
        Path driver = Path.of(org.postgresql.Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Files.copy(driver, server.folder().resolve("postgresql.jar"));
        Files.createDirectories(server.folder().resolve("agents"));
        Files.copy(UntouchedLiberty.ROOT.resolve("examples/hello/target/hello.war"), server.folder().resolve("agents/hello.war"));
        server.write("server.xml", """
                <server>
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    %s
                    <library id="postgresql"><file name="${server.config.dir}/postgresql.jar"/></library>
                    <dataSource id="ledger" jndiName="jdbc/ledger" transactional="false">
                        <jdbcDriver libraryRef="postgresql"/>
                        <properties.postgresql URL="%s"/>
                    </dataSource>
                    <agentRuntime dataSource="jdbc/ledger" poolMax="0" onStop="end">
                        <agent name="hello" location="hello.war"/>
                    </agentRuntime>
                    <mpJwt id="callers" issuer="%s" audiences="agent-runtime" jwksUri="%s/jwks"/>
                </server>
                """.formatted(server.endpoint(), url.replace("&", "&amp;"), Identity.PROVIDER.issuer(), Identity.PROVIDER.issuer()));
        return server;
    }

    @AfterEach
    void end() {
        try {
            one.kill();
            two.kill();
        } finally {
            UntouchedLiberty.run(SCRIPT, "stop", DATABASE.toString());
        }
    }

    @Test
    void twoServersOfOneNameLeaveEachOthersSessionsAlone() throws IOException {
        one.start();
        alice.awaitAgent("hello");
        String ofAlice = AgentClient.newSession();
        String ofBob = AgentClient.newSession();
        assertThat(call(alice, ofAlice)).isEqualTo(1);
        String vmOfAlice = alice.session("hello", ofAlice).getString("vm");

        two.start();
        bob.awaitAgent("hello");
        assertThat(call(bob, ofBob)).isEqualTo(1);
        String vmOfBob = bob.session("hello", ofBob).getString("vm");
        assertThat(Host.domains()).contains(vmOfAlice, vmOfBob);
        assertThat(call(alice, ofAlice)).as("after the other server's start").isEqualTo(2);

        two.kill();
        assertThat(call(alice, ofAlice)).as("after the other server's death").isEqualTo(3);
        two.start();
        bob.awaitAgent("hello");
        assertThat(call(bob, ofBob)).as("after its own server's death").isEqualTo(2);
        assertThat(bob.session("hello", ofBob).getString("vm")).isEqualTo(vmOfBob);
        assertThat(Host.domains()).contains(vmOfAlice, vmOfBob);
        assertThat(call(alice, ofAlice)).as("after the other server has gone on").isEqualTo(4);
        assertThat(bob.invoke("hello", ofAlice, "{}").statusCode()).as("an id that somebody owns on the other server").isEqualTo(403);

        two.stop();
        assertThat(Host.domains()).contains(vmOfAlice).doesNotContain(vmOfBob);
        assertThat(call(alice, ofAlice)).as("after the other server's stop").isEqualTo(5);
        assertThat(alice.session("hello", ofAlice).getString("vm")).isEqualTo(vmOfAlice);
        one.stop();
        assertThat(Host.domains()).doesNotContain(vmOfAlice);
        assertThat(serverId(one)).isNotEqualTo(serverId(two));
        for (OwnServer server : new OwnServer[] {one, two}) {
            assertThat(server.log()).doesNotContain("AGRT0030E", "AGRT0036W");
        }
    }

    private static String serverId(OwnServer server) throws IOException {
        return Files.readString(server.folder().resolve("agent-runtime/server-id"));
    }

    private static int call(AgentClient caller, String session) {
        HttpResponse<String> answer = caller.invoke("hello", session, "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return AgentClient.json(answer).getInt("call");
    }
}
