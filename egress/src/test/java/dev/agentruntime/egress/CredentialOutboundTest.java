package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outbounds with a credential that another room gives for each request. */
class CredentialOutboundTest extends EgressTestBase {

    private static final String SECRET = "sk-0123456789";

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private GuestPort keyed(String... more) throws IOException {
        HttpServer server = server(exchange -> {
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (name.equalsIgnoreCase("Authorization") || name.toLowerCase().startsWith("x")) {
                    seen.add(name.toLowerCase() + ": " + values);
                }
            });
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answer(exchange, 200, "got " + exchange.getRequestURI() + " " + body);
        });
        String[] all = new String[4 + more.length];
        all[0] = "url";
        all[1] = "http://127.0.0.1:" + port(server) + "/v1";
        all[2] = "credential";
        all[3] = "github-key";
        System.arraycopy(more, 0, all, 4, more.length);
        outbound("github", all);
        return port("outbound/github");
    }

    private void gives(String secret) {
        credentials = Optional.of((session, wanted) -> {
            asked.add(session.owner().name() + " in " + session.sessionId() + ": " + wanted.provider());
            return secret;
        });
    }

    @Test
    void theHostAddsItForTheSessionsUser() throws Exception {
        gives(SECRET);
        String answer = talk(keyed(), "POST /user HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab");
        assertThat(answer).contains("200 OK").contains("got /v1/user ab");
        assertThat(seen).containsExactly("authorization: [Bearer " + SECRET + "]");
        assertThat(asked).containsExactly("alice in session-1: github-key");
        assertThat(record().outcome()).isEqualTo(Outcome.OK);
        assertThat(record().toString()).doesNotContain(SECRET);
    }

    @Test
    void eachRequestOfAKeptConnectionAsksForItAnew() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        credentials = Optional.of((session, wanted) -> "key-" + turn.incrementAndGet());
        String answers = talk(keyed(), "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                + "Connection: close\r\n\r\n2");
        assertThat(answers).containsSubsequence("got /v1/a 1", "got /v1/b 2");
        assertThat(seen).containsExactly("authorization: [Bearer key-1]", "authorization: [Bearer key-2]");
    }

    @Test
    void headerAndFormatAreThoseOfServerXmlAndTheAgentsOwnStaysBehind() throws Exception {
        gives(SECRET);
        talk(keyed("header", "X-Api-Key", "format", "key={credential};v=1"), "GET / HTTP/1.1\r\nHost: x\r\nX_Api_Key: mine\r\nx-api-key: mine too\r\n"
                + "Connection: close\r\n\r\n");
        assertThat(seen).containsExactly("x-api-key: [key=" + SECRET + ";v=1]");
    }

    @Test
    void aServerWithoutIdentitiesSaysWhatItLacks() throws Exception {
        String answer = talk(keyed(), get("/"));
        assertThat(answer).contains("403").contains("usr:agentIdentity-1.0");
        assertThat(seen).isEmpty();
        assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
    }

    @Test
    void whatIsRefusedReachesNoService() throws Exception {
        credentials = Optional.of((session, wanted) -> {
            throw new RequestException(Kind.FORBIDDEN, "The credential provider github-key is not for the workload identity hello.");
        });
        GuestPort port = keyed();
        assertThat(talk(port, get("/"))).contains("403").contains("is not for the workload identity hello");
        credentials = Optional.of((session, wanted) -> {
            throw new RequestException(Kind.PLATFORM, "The database of identities does not answer.");
        });
        assertThat(talk(port, get("/"))).contains("502").contains("does not answer");
        credentials = Optional.of((session, wanted) -> {
            throw new IllegalStateException("with " + SECRET);
        });
        assertThat(talk(port, get("/"))).contains("502").contains("The platform failed").doesNotContain(SECRET);
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\r\nX-Other: b", "a\nb", "\u00e4", "a\u0000"})
    void whatNoHeaderMayHaveIsNoCredential(String secret) throws Exception {
        gives(secret);
        assertThat(talk(keyed(), get("/"))).contains("403").contains("no header may have").doesNotContain("X-Other");
        assertThat(seen).isEmpty();
    }

    @Test
    void oneThatDoesNotComeInTimeIsGivenUp() throws Exception {
        CountDownLatch never = closing(new Latch()).latch;
        set("responseTimeout", "300ms");
        credentials = Optional.of((session, wanted) -> waits(never));
        assertThat(talk(keyed(), get("/"))).contains("504").contains("responseTimeout");
        assertThat(seen).isEmpty();
    }

    @Test
    void aSessionThatWaitsForManyHasNoMoreThanItsShare() throws Exception {
        CountDownLatch opened = closing(new Latch()).latch;
        credentials = Optional.of((session, wanted) -> {
            asked.add(wanted.provider());
            return waits(opened);
        });
        GuestPort port = keyed();
        for (int i = 0; i < HostCalls.MOST; i++) {
            Socket socket = closing(port.connect());
            socket.getOutputStream().write(get("/").getBytes(StandardCharsets.ISO_8859_1));
        }
        await().until(() -> asked.size() == HostCalls.MOST);
        assertThat(talk(port, get("/"))).contains("429").contains(HostCalls.MOST + " things at once");
        opened.countDown();
        await().until(() -> seen.size() == HostCalls.MOST);
        gives(SECRET);
        await().untilAsserted(() -> assertThat(talk(port, get("/"))).contains("200 OK"));
    }

    @Test
    void aGuestThatLeavesMeanwhileReachesNoService() throws Exception {
        CountDownLatch opened = closing(new Latch()).latch;
        credentials = Optional.of((session, wanted) -> {
            asked.add(wanted.provider());
            return waits(opened);
        });
        GuestPort port = keyed();
        try (Socket socket = port.connect()) {
            socket.getOutputStream().write(get("/").getBytes(StandardCharsets.ISO_8859_1));
            await().until(() -> asked.size() == 1);
            socket.setSoLinger(true, 0);
        }
        await().until(() -> records.size() == 1);
        opened.countDown();
        assertThat(record().outcome()).isEqualTo(Outcome.ABORTED);
        gives(SECRET);
        assertThat(talk(port, get("/later"))).contains("got /v1/later");
        assertThat(seen).containsExactly("authorization: [Bearer " + SECRET + "]");
    }

    private static String waits(CountDownLatch latch) {
        try {
            latch.await();
            return SECRET;
        } catch (InterruptedException closed) {
            throw new IllegalStateException("closed", closed);
        }
    }

    /** Opens at the test's end, whatever it came to. */
    private static final class Latch implements AutoCloseable {

        private final CountDownLatch latch = new CountDownLatch(1);

        @Override
        public void close() {
            latch.countDown();
        }
    }
}
