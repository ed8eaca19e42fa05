package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that misbehave. */
class TroubleTest extends EgressTestBase {

    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();

    private interface Script {
        void with(Socket socket, int number) throws IOException;
    }

    /** An upstream that reads the head of a request and then does as it is told. */
    private GuestPort upstream(Script script) throws IOException {
        ServerSocket server = closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    Socket socket = closing(server.accept());
                    int number = accepted.incrementAndGet();
                    Thread one = new Thread(() -> {
                        try {
                            script.with(socket, number);
                        } catch (IOException closed) {
                            // What the guest sees of it is what is tested.
                        }
                    });
                    one.setDaemon(true);
                    one.start();
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
        outbound("model", "url", "http://127.0.0.1:" + server.getLocalPort());
        return port("outbound/model");
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        int next = 0;
        while (next >= 0 && head.indexOf("\r\n\r\n") < 0) {
            next = socket.getInputStream().read();
            head.append((char) next);
        }
        return head.toString();
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void anUpstreamThatNeverAnswersIsGivenUpWithTheSettingsName() throws Exception {
        set("responseTimeout", "400ms");
        assertThat(talk(upstream((socket, number) -> head(socket)), get("/"))).startsWith("HTTP/1.1 504").contains("responseTimeout of <agentRuntimeEgress>");
        assertThat(record().outcome()).isEqualTo(Outcome.TIMED_OUT);
    }

    @Test
    void aNameServerThatNeverAnswersIsGivenUp() throws Exception {
        set("connectTimeout", "300ms");
        outbound("model", "url", "http://silent.example");
        allow("silent.example", "443", "");
        assertThat(talk(port("outbound/model"), get("/"))).startsWith("HTTP/1.1 504").contains("connectTimeout");
        assertThat(record().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(talk(port("proxy"), "CONNECT silent.example:443 HTTP/1.1\r\nHost: silent.example:443\r\n\r\n")).startsWith("HTTP/1.1 504");
    }

    @Test
    void aCompanysProxyThatNeverAnswersIsGivenUp() throws Exception {
        set("connectTimeout", "300ms");
        set("proxy", "127.0.0.1:" + silent().getLocalPort());
        allow("api.example", "443", "");
        assertThat(talk(port("proxy"), "CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n")).startsWith("HTTP/1.1 50")
                .contains("api.example:443");
        assertThat(record().outcome()).isIn(Outcome.TIMED_OUT, Outcome.UNREACHABLE);
    }

    @Test
    void anUpstreamThatStopsInItsAnswerEndsTheConnectionInsteadOfTheAnswer() throws Exception {
        set("responseTimeout", "400ms");
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        });
        assertThatThrownBy(() -> talk(port, get("/"))).isInstanceOf(IOException.class);
        assertThat(record().outcome()).isEqualTo(Outcome.TIMED_OUT);
    }

    @Test
    void anUpstreamThatDropsBeforeItAnswersIsABadGateway() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            socket.setSoLinger(true, 0);
            socket.close();
        });
        assertThat(talk(port, get("/"))).startsWith("HTTP/1.1 502").contains("broke off");
        assertThat(record().outcome()).isEqualTo(Outcome.BROKEN);
    }

    @Test
    void anUpstreamThatDropsInItsAnswerDoesNotLookWhole() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
            socket.close();
        });
        try {
            assertThat(talk(port, get("/"))).doesNotEndWith("0\r\n\r\n");
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        await().until(() -> !records.isEmpty());
        assertThat(record().outcome()).isEqualTo(Outcome.BROKEN);
    }

    @Test
    void anAnswerThatEndsWithItsConnectionIsWhole() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 200 OK\r\n\r\nall of it");
            socket.close();
        });
        assertThat(talk(port, get("/"))).contains("9\r\nall of it\r\n").endsWith("0\r\n\r\n");
        assertThat(record().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void anUpstreamThatSpeaksNoHttpIsABadGateway() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "SSH-2.0-OpenSSH\r\n\r\n");
        });
        assertThat(talk(port, get("/"))).startsWith("HTTP/1.1 502");
        assertThat(record().outcome()).isEqualTo(Outcome.BROKEN);
    }

    @Test
    void headersOfAnAnswerThatAreTooLargeAreABadGateway() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000) + "\r\n\r\n");
        });
        assertThat(talk(port, get("/"))).startsWith("HTTP/1.1 502");
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nokok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nokok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2, 4\r\n\r\nokok", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nok"})
    void anAnswerOfTwoLengthsIsABadGateway(String answer) throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, answer);
        });
        assertThat(talk(port, get("/"))).startsWith("HTTP/1.1 502");
    }

    /** The second answer is nobody's: the connection that it came over serves no other request. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"})
    void aSecondAnswerToOneRequestIsNotTakenForThatToTheNext(String answers) throws Exception {
        GuestPort port = upstream((socket, number) -> {
            for (String head = head(socket); head.contains(" HTTP/1.1"); head = head(socket)) {
                write(socket, number == 1 ? answers : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nn" + number);
            }
        });
        assertThat(talk(port, get("/1"))).startsWith("HTTP/1.1 200").contains("ok").doesNotContain("other");
        assertThat(talk(port, get("/2"))).startsWith("HTTP/1.1 200").endsWith("n2");
    }

    /** The guest sends the next request before it has read the answer, so nothing but the bytes tells whose they are. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother",
        "HTTP/1.1 204 No Content\r\nX-Ok: ok\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHT"})
    void aSecondAnswerToOneRequestIsNotTakenForThatToOneThatWaitsInAPipeline(String answers) throws Exception {
        GuestPort port = upstream((socket, number) -> {
            for (String head = head(socket); head.contains(" HTTP/1.1"); head = head(socket)) {
                write(socket, number == 1 ? answers : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nn" + number);
            }
        });
        assertThat(talk(port, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n" + get("/2"))).startsWith("HTTP/1.1 20").contains("ok")
                .doesNotContain("other").endsWith("n2");
    }

    @Test
    void aProtocolThatNobodyAskedForIsABadGateway() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nPRI");
        });
        assertThat(talk(port, get("/"))).startsWith("HTTP/1.1 502");
    }

    @Test
    void interimAnswersPassAndTheLastOneCounts() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        assertThat(talk(port, get("/"))).containsSubsequence("100 Continue", "103 Early Hints", "200 OK").endsWith("ok");
    }

    @Test
    void aGuestOfHttp10GetsTheLastAnswerOnly() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        assertThat(talk(port, "GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200").endsWith("ok");
    }

    @Test
    void interimAnswersWithoutEndAreABrokenAnswer() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            while (true) {
                write(socket, "HTTP/1.1 102 Processing\r\n\r\n");
            }
        });
        assertThat(talk(port, "GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 502").contains("interim");
        assertThat(talk(port, get("/"))).startsWith("HTTP/1.1 102").contains("HTTP/1.1 502");
        assertThat(record().outcome()).isEqualTo(Outcome.BROKEN);
    }

    /** The guest sends the body when the service has asked for it, as curl does with a large one. */
    @Test
    void aBodyThatIsSentWhenItIsAskedForArrives() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            assertThat(head(socket)).containsIgnoringCase("\r\nexpect: 100-continue\r\n");
            write(socket, "HTTP/1.1 100 Continue\r\n\r\n");
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + new String(socket.getInputStream().readNBytes(3)));
        });
        try (Socket socket = port.connect()) {
            write(socket, "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
            assertThat(head(socket)).startsWith("HTTP/1.1 100");
            write(socket, "abc");
            assertThat(rest(socket.getInputStream())).startsWith("HTTP/1.1 200").endsWith("abc");
        }
    }

    /** What the guest sends then may be the body or the next request, so nothing of it is looked at. */
    @Test
    void aBodyThatNobodyAskedForIsNoRequest() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        GuestPort port = upstream((socket, number) -> {
            heads.add(head(socket));
            write(socket, "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
        });
        assertThat(talk(port, "PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 300\r\n\r\n" + get("/hidden")))
                .startsWith("HTTP/1.1 417").endsWith("no");
        assertThat(heads).hasSize(1);
    }

    /** A guest of HTTP/1.0 would not be told to go on. */
    @Test
    void whatAGuestOfHttp10ExpectsIsNotPassedOn() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            boolean expects = head(socket).toLowerCase(Locale.ROOT).contains("expect");
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + (expects ? "more" : "done"));
        });
        assertThat(talk(port, "PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na")).endsWith("done");
    }

    /** The time for a request runs from the end of the one before, whatever comes of it meanwhile. */
    @Test
    void aHeadThatComesByteByByteIsEndedAfterAWhile() throws Exception {
        set("idleTimeout", "500ms");
        GuestPort port = upstream((socket, number) -> head(socket));
        try (Socket socket = port.connect()) {
            Thread slow = new Thread(() -> {
                try {
                    for (byte next : ("GET / HTTP/1.1\r\nX: " + "y".repeat(2_000)).getBytes(StandardCharsets.ISO_8859_1)) {
                        socket.getOutputStream().write(next);
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException ended) {
                    // As it should be.
                }
            });
            slow.start();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(accepted).hasValue(0);
    }

    /** Bytes that make no piece of a body move nothing. */
    @Test
    void aChunkThatNeverBeginsIsGivenUp() throws Exception {
        set("responseTimeout", "500ms");
        GuestPort port = upstream((socket, number) -> head(socket));
        try (Socket socket = port.connect()) {
            write(socket, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;");
            Thread slow = new Thread(() -> {
                try {
                    for (int i = 0; i < 400; i++) {
                        socket.getOutputStream().write('a');
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException ended) {
                    // As it should be.
                }
            });
            slow.start();
            assertThat(rest(socket.getInputStream())).startsWith("HTTP/1.1 504").contains("responseTimeout");
        }
    }

    @Test
    void aGuestThatReadsNoneOfItsRefusalsIsLeft() throws Exception {
        set("responseTimeout", "300ms");
        TestStream stream = new TestStream();
        way().opened(new Target("proxy"), stream);
        byte[] requests = "GET http://denied.example/ HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000).getBytes(StandardCharsets.ISO_8859_1);
        Thread guest = new Thread(() -> {
            try {
                stream.fromGuest.put(requests, requests.length);
            } catch (IOException | InterruptedException left) {
                // As it should be.
            }
        });
        guest.start();
        await().untilAsserted(() -> assertThatThrownBy(() -> stream.fromGuest.write(ByteBuffer.allocate(0))).hasMessageContaining("RESET"));
        guest.join();
    }

    /** A connection that rested is ended by the upstream just as the next request goes out. */
    @Test
    void aHarmlessRequestOnAConnectionThatHasJustEndedIsSentOnceMore() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nn" + number);
            if (number == 1) {
                head(socket);
                socket.close();
            }
        });
        try (Socket socket = port.connect()) {
            write(socket, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(head(socket)).contains("200");
            assertThat(new String(socket.getInputStream().readNBytes(2))).isEqualTo("n1");
            write(socket, get("/2"));
            assertThat(rest(socket.getInputStream())).contains("200 OK").endsWith("n2");
        }
        assertThat(accepted).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage here\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"})
    void aHarmlessRequestThatAConnectionThatRestedAnswersWithGarbageIsSentOnceMoreAndNotTwice(String garbage) throws Exception {
        AtomicInteger requests = new AtomicInteger();
        GuestPort port = upstream((socket, number) -> {
            while (true) {
                if (head(socket).contains("/later")) {
                    requests.incrementAndGet();
                    if (number == 1) {
                        write(socket, garbage);
                        continue;
                    }
                }
                write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nn" + number);
            }
        });
        try (Socket socket = port.connect()) {
            for (String path : List.of("/1", "/later", "/later")) {
                write(socket, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(head(socket)).startsWith("HTTP/1.1 200");
                assertThat(new String(socket.getInputStream().readNBytes(2))).isEqualTo(path.equals("/1") ? "n1" : "n2");
            }
        }
        assertThat(requests).hasValue(3);
        assertThat(accepted).hasValue(2);
    }

    @Test
    void aSessionWhoseNamesAreNeverAnsweredHoldsUpNoOther() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, "here"));
        allow("*", "1-65535", "127.0.0.0/8");
        names.put("good.example", List.of("127.0.0.1"));
        for (int i = 0; i < 60; i++) {
            TestStream stream = new TestStream();
            way().opened(new Target("proxy"), stream);
            byte[] request = ("CONNECT silent.example" + i + ":443 HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
            stream.fromGuest.put(request, request.length);
        }
        await().untilAsserted(() -> assertThat(records).hasSize(24));
        try (GuestPort neighbour = new GuestPort(egress().join(facts("session-2")), "proxy")) {
            assertThat(talk(neighbour, get("http://good.example:" + port(server) + "/"))).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aRequestThatDoesSomethingIsNotSentTwice() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nn" + number);
            head(socket);
            socket.close();
        });
        try (Socket socket = port.connect()) {
            write(socket, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
            head(socket);
            socket.getInputStream().readNBytes(2);
            write(socket, "POST /pay HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1");
            assertThat(rest(socket.getInputStream())).startsWith("HTTP/1.1 502");
        }
        assertThat(accepted).hasValue(1);
    }

    @Test
    void aGigabyteIsHeldBackByAGuestThatDoesNotRead() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
            byte[] bytes = new byte[64 * 1024];
            while (true) {
                socket.getOutputStream().write(bytes);
                written.addAndGet(bytes.length);
            }
        });
        assertThat(port.port()).isPositive();
        TestStream stream = new TestStream();
        way().opened(new Target("outbound/model"), stream);
        byte[] request = get("/").getBytes(StandardCharsets.ISO_8859_1);
        stream.fromGuest.put(request, request.length);
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(20)).until(() -> written.get() > 0 && written.get() < 32 << 20);
        stream.close();
        await().untilAsserted(() -> assertThat(records).hasSize(1));
        assertThat(record().outcome()).isEqualTo(Outcome.ABORTED);
    }

    @Test
    void aGigabyteEndsAtTheLimitOfTheSession() throws Exception {
        set("maxBytesPerSession", "4m");
        set("bytesPerSecond", "1024m");
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
            byte[] bytes = new byte[64 * 1024];
            while (true) {
                socket.getOutputStream().write(bytes);
            }
        });
        assertThatThrownBy(() -> talk(port, get("/"))).isInstanceOf(IOException.class);
        assertThat(record().outcome()).isEqualTo(Outcome.LIMITED);
        assertThat(record().reason()).contains("maxBytesPerSession");
        assertThat(talk(port, get("/"))).startsWith("HTTP/1.1 429").contains("maxBytesPerSession of <agentRuntimeEgress>");
    }

    @Test
    void aGuestThatLeavesEndsItsRequestAtTheUpstream() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            if (socket.getInputStream().read() < 0) {
                ended.incrementAndGet();
            }
        });
        assertThat(port.port()).isPositive();
        TestStream stream = new TestStream();
        way().opened(new Target("outbound/model"), stream);
        byte[] request = get("/").getBytes(StandardCharsets.ISO_8859_1);
        stream.fromGuest.put(request, request.length);
        await().until(() -> accepted.get() == 1);
        stream.close();
        await().until(() -> ended.get() == 1);
        assertThat(record().outcome()).isEqualTo(Outcome.ABORTED);
    }

    @Test
    void aGuestThatLeavesInItsRequestIsNoticedWhileTheUpstreamDoesNotRead() throws Exception {
        GuestPort port = upstream((socket, number) -> head(socket));
        assertThat(port.port()).isPositive();
        TestStream stream = new TestStream();
        way().opened(new Target("outbound/model"), stream);
        byte[] request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        stream.fromGuest.put(request, request.length);
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(20)).until(() -> stream.fromGuest.write(ByteBuffer.allocate(64 * 1024)) == 0);
        stream.close();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(records).hasSize(1));
        assertThat(record().outcome()).isEqualTo(Outcome.ABORTED);
    }

    @Test
    void aGuestThatLeavesIsNoticedWhileItsUpstreamIsLookedUp() throws Exception {
        outbound("silent", "url", "http://silent.example");
        allow("silent.example", "443", "");
        for (String target : List.of("outbound/silent", "proxy")) {
            TestStream stream = new TestStream();
            way().opened(new Target(target), stream);
            byte[] request = (target.equals("proxy") ? "CONNECT silent.example:443 HTTP/1.1\r\nHost: x\r\n\r\n" : get("/")).getBytes(StandardCharsets.ISO_8859_1);
            stream.fromGuest.put(request, request.length);
            await().until(() -> way().waits());
            stream.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> !way().waits());
            assertThat(record().outcome()).isEqualTo(Outcome.ABORTED);
        }
        assertThat(records).hasSize(2);
    }

    @Test
    void anAnswerBeforeTheWholeRequestIsPassedOn() throws Exception {
        GuestPort port = upstream((socket, number) -> {
            head(socket);
            write(socket, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
        });
        try (Socket socket = port.connect()) {
            write(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nonly this");
            assertThat(rest(socket.getInputStream())).startsWith("HTTP/1.1 413").endsWith("big");
        }
    }

    @Test
    void aConnectionWithoutARequestIsEndedAfterAWhile() throws Exception {
        set("idleTimeout", "300ms");
        GuestPort port = upstream((socket, number) -> head(socket));
        try (Socket socket = port.connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
