package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.SessionFacts;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What another room serves to guests under a name of its own. */
class HostServiceTest extends EgressTestBase {

    private static final String URL = "http://agent-identity.outbound";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final GuestService service = new GuestService() {
        @Override
        public String name() {
            return "agent-identity";
        }

        @Override
        public Answer serve(SessionFacts session, Ask ask) {
            asked.add(session.sessionId() + ": " + ask.method() + " " + ask.path() + " " + new String(ask.body(), StandardCharsets.UTF_8));
            if (ask.path().equals("/fails")) {
                throw new IllegalStateException("with a secret");
            }
            return new Answer(ask.path().equals("/no") ? 403 : 200, Map.of("x-amzn-ErrorType", "Some"), "{\"answer\":\"" + ask.path() + "\"}");
        }
    };

    @BeforeEach
    void serve() {
        services.add(service);
    }

    private static String post(String path, String body, String more) {
        return "POST " + URL + path + " HTTP/1.1\r\nHost: agent-identity.outbound\r\nContent-Length: " + body.length() + "\r\n" + more + "\r\n" + body;
    }

    private static final String CLOSE = "Connection: close\r\n";

    @Test
    void aGuestAsksItThroughTheProxyWithoutAnyRule() throws Exception {
        String answer = talk(port("proxy"), post("/identities/api-key?x=1", "{\"a\":1}", CLOSE));
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("content-type: application/json").contains("x-amzn-ErrorType: Some")
                .endsWith("{\"answer\":\"/identities/api-key?x=1\"}");
        assertThat(asked).containsExactly("session-1: POST /identities/api-key?x=1 {\"a\":1}");
        assertThat(record().outcome()).isEqualTo(Outcome.OK);
        assertThat(record().target()).isEqualTo("agent-identity");
    }

    @Test
    void itsRefusalsAreAnswersAndAConnectionIsKept() throws Exception {
        String answers = talk(port("proxy"), post("/no", "", "") + post("/yes", "b", "") + "GET " + URL + " HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n");
        assertThat(answers).containsSubsequence("403 Forbidden", "{\"answer\":\"/no\"}", "200 OK", "{\"answer\":\"/yes\"}", "{\"answer\":\"/\"}");
        assertThat(asked).containsExactly("session-1: POST /no ", "session-1: POST /yes b", "session-1: GET / ");
    }

    @Test
    void aBodyInChunksIsTakenAsOne() throws Exception {
        talk(port("proxy"), "POST " + URL + "/c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + CLOSE + "\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        assertThat(asked).containsExactly("session-1: POST /c abcde");
    }

    @Test
    void aBodyThatIsTooLargeOrNoneIsRefusedUnasked() throws Exception {
        assertThat(talk(port("proxy"), post("/large", "x".repeat(HostAnswer.MOST_BYTES + 1), CLOSE))).contains("400").contains("more than 65536 bytes");
        assertThat(talk(port("proxy"), "POST " + URL + "/c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")).contains("400");
        assertThat(asked).isEmpty();
    }

    @Test
    void aBodyThatDoesNotComeIsGivenUp() throws Exception {
        set("responseTimeout", "300ms");
        assertThat(talk(port("proxy"), "POST " + URL + "/c HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab")).startsWith("HTTP/1.1 408 ").contains("responseTimeout");
        assertThat(record().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatFailsInItIsTheHostsFaultAndSaysNothing() throws Exception {
        assertThat(talk(port("proxy"), post("/fails", "", CLOSE))).contains("502").contains("The platform failed").doesNotContain("secret");
        assertThat(record().outcome()).isEqualTo(Outcome.UNREACHABLE);
    }

    @Test
    void itIsReachedByItsNameAndByNoOtherWay() throws Exception {
        assertThat(talk(port("proxy"), "CONNECT agent-identity.outbound:80 HTTP/1.1\r\nHost: x\r\n\r\n")).contains("403").contains("not by CONNECT");
        assertThat(talk(port("proxy"), "GET http://other.outbound/ HTTP/1.1\r\nHost: x\r\n" + CLOSE + "\r\n")).contains("403").contains("no <outbound name=\"other\">");
        assertThat(asked).isEmpty();
        services.clear();
        assertThat(talk(port("proxy"), post("/x", "", CLOSE))).contains("403").contains("no <outbound name=\"agent-identity\">");
    }

    @Test
    void anOutboundOfItsNameCountsInstead() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, "the agent's own"));
        outbound("agent-identity", "url", "http://127.0.0.1:" + port(server));
        assertThat(talk(port("proxy"), post("/x", "", CLOSE))).contains("the agent's own");
        assertThat(asked).isEmpty();
    }

    @Test
    void whoAsksItFasterThanASessionMayIsRefused() throws Exception {
        set("newConnectionsPerSecond", 1);
        assertThat(talk(port("proxy"), post("/a", "", "").repeat(60))).contains("429 Too Many Requests").contains("newConnectionsPerSecond");
        assertThat(asked).hasSizeLessThan(60);
    }

    @Test
    void aGuestThatHasSaidAllIsAnsweredAndLeftAlone() throws Exception {
        try (Socket socket = port("proxy").connect()) {
            socket.getOutputStream().write(post("/a", "b", "").getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            assertThat(rest(socket.getInputStream())).endsWith("{\"answer\":\"/a\"}");
        }
    }

    @Test
    void aNameIsNoneOfThoseThatASessionBeginsWith() {
        assertThat(way().outbounds()).isEmpty();
    }
}
