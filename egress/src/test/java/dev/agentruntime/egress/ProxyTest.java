package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.OutboundConnection.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forward proxy and its allow-list. */
class ProxyTest extends EgressTestBase {

    private static final String LOOPBACK = "127.0.0.0/8";

    private GuestPort proxy() {
        return port("proxy");
    }

    private static HttpClient client(GuestPort proxy) {
        return HttpClient.newBuilder().proxy(ProxySelector.of(proxy.address())).followRedirects(HttpClient.Redirect.ALWAYS).build();
    }

    private static HttpResponse<String> ask(HttpClient client, String url) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static String connect(String authority) {
        return "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    }

    private static String absolute(String url) {
        return "GET " + url + " HTTP/1.1\r\nHost: whatever\r\nConnection: close\r\n\r\n";
    }

    @Test
    void nothingIsAllowedByDefaultAndTheRefusalSaysWhatToWrite() throws Exception {
        HttpResponse<String> answer = ask(client(proxy()), "http://api.example.com/");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("The agent hello may not reach api.example.com:80")
                .contains("<allow host=\"api.example.com\" ports=\"80\"/>");
        assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
        assertThat(record().target()).isEqualTo("api.example.com:80");
        assertThat(talk(proxy(), connect("api.example.com:443"))).startsWith("HTTP/1.1 403").contains("ports=\"443\"");
        assertThat(talk(proxy(), connect("LOCALHOST:443"))).contains("<allow host=\"localhost\" ports=\"443\" addresses=\"127.0.0.1\"/>");
    }

    @Test
    void anAllowedNameIsReached() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, exchange.getRequestURI() + " " + exchange.getRequestHeaders().get("Host")));
        names.put("api.corp.example", List.of("127.0.0.1"));
        allow("*.corp.example", String.valueOf(port(server)), LOOPBACK);
        assertThat(ask(client(proxy()), "http://api.corp.example:" + port(server) + "/x?y").body())
                .isEqualTo("/x?y [api.corp.example:" + port(server) + "]");
        assertThat(record().way()).isEqualTo("proxy");
    }

    /** What a request is for stands in its target; its Host header is another's word. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "169.254.169.254", "good.example@evil.example", "evil.example:22", "", "[::1]", "a, b", "good.example\r\nX-Host: y"})
    void theHostHeaderOfAGuestCountsForNothing(String host) throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, "for " + exchange.getRequestHeaders().get("Host")));
        names.put("good.example", List.of("127.0.0.1"));
        allow("good.example", String.valueOf(port(server)), LOOPBACK);
        String url = "http://GOOD.example.:" + port(server) + "/";
        assertThat(talk(proxy(), "GET " + url + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close, host\r\n\r\n"))
                .endsWith("for [good.example:" + port(server) + "]");
        assertThat(lookedUp).containsOnly("good.example");
    }

    @Test
    void theSecondRequestOfAKeptConnectionIsJudgedToo() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = server(exchange -> {
            asked.incrementAndGet();
            answer(exchange, 200, "good");
        });
        names.put("good.example", List.of("127.0.0.1"));
        names.put("bad.example", List.of("127.0.0.1"));
        allow("good.example", String.valueOf(port(server)), LOOPBACK);
        HttpClient client = client(proxy());
        assertThat(ask(client, "http://good.example:" + port(server) + "/").statusCode()).isEqualTo(200);
        assertThat(ask(client, "http://bad.example:" + port(server) + "/").statusCode()).isEqualTo(403);
        assertThat(ask(client, "http://good.example:" + port(server) + "/").statusCode()).isEqualTo(200);
        assertThat(asked).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:%d/", "http://[::1]:%d/", "http://localhost:%d/", "http://2130706433:%d/"})
    void aRedirectIsJudgedAsAnyRequest(String to) throws Exception {
        AtomicInteger inside = new AtomicInteger();
        HttpServer secret = server(exchange -> {
            inside.incrementAndGet();
            answer(exchange, 200, "secret");
        });
        HttpServer server = server(exchange -> {
            exchange.getResponseHeaders().set("Location", String.format(to, port(secret)));
            answer(exchange, 302, "");
        });
        names.put("api.example", List.of("127.0.0.1"));
        names.put("localhost", List.of("127.0.0.1"));
        allow("api.example", String.valueOf(port(server)), LOOPBACK);
        assertThat(talk(proxy(), absolute("http://api.example:" + port(server) + "/"))).startsWith("HTTP/1.1 302");
        assertThat(talk(proxy(), absolute(String.format(to, port(secret))))).startsWith("HTTP/1.1 403");
        assertThat(inside).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::", "2001:0:7f00:1::", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1"})
    void aNameThatResolvesToWhatIsNotPublicIsRefusedByItsAddress(String address) throws Exception {
        names.put("rebound.example", List.of(address));
        allow("*", "80,443", "");
        String answer = talk(proxy(), absolute("http://rebound.example/"));
        assertThat(answer).startsWith("HTTP/1.1 403").contains("rebound.example:80").contains("addresses of <allow>").doesNotContain(address);
        assertThat(record().reason()).contains("rebound.example:80 is ");
        assertThat(talk(proxy(), connect("rebound.example:443"))).startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "1.1.1.1", "[2606:4700::1111]", "0", "017700000001",
        "0x7f000001", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[::127.0.0.1]", "127.0.0.1."})
    void aBareAddressInWhateverFormIsNoName(String address) throws Exception {
        allow("*", "80,443", LOOPBACK);
        assertThat(talk(proxy(), absolute("http://" + address + "/"))).startsWith("HTTP/1.1 403");
        assertThat(talk(proxy(), connect(address + ":443"))).startsWith("HTTP/1.1 403");
    }

    @Test
    void anAddressThatIsNamedIsReachedInEachOfItsForms() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, "here"));
        allow("127.0.0.1", String.valueOf(port(server)), "");
        for (String form : List.of("127.0.0.1", "2130706433", "0x7f.1")) {
            assertThat(talk(proxy(), absolute("http://" + form + ":" + port(server) + "/"))).endsWith("here");
        }
    }

    /** The resolver gives another answer each time: what was judged is what is connected to, and it is asked once. */
    @Test
    void aNameThatChangesItsAddressBetweenLookUpsGainsNothing() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        HttpServer secret = server(exchange -> {
            inside.incrementAndGet();
            answer(exchange, 200, "secret");
        });
        HttpServer good = HttpServer.create(new InetSocketAddress("127.0.0.2", port(secret)), 10);
        good.createContext("/", exchange -> {
            // A connection that rests would not be looked up again.
            exchange.getResponseHeaders().set("Connection", "close");
            answer(exchange, 200, "good");
        });
        good.start();
        closing(() -> good.stop(0));
        allow("*.example", String.valueOf(port(secret)), "127.0.0.2");
        GuestPort proxy = proxy();
        String authority = "flip.example:" + port(secret);
        for (String request : List.of(absolute("http://" + authority + "/"), connect(authority) + get("/"))) {
            lookedUp.clear();
            turns.put("flip.example", new ConcurrentLinkedQueue<>(List.of(List.of("127.0.0.2"), List.of("127.0.0.1"), List.of("127.0.0.1"))));
            assertThat(talk(proxy, request)).as("permitted when it was judged").endsWith("good");
            assertThat(lookedUp).containsExactly("flip.example");
            assertThat(talk(proxy, request)).as("what it is now").startsWith("HTTP/1.1 403");
        }
        assertThat(inside).hasValue(0);
    }

    /** Takes no more connections than it has taken: what asks for one gets no answer. */
    private ServerSocket full(String address, int port) throws IOException {
        ServerSocket full = closing(new ServerSocket(port, 1, InetAddress.getByName(address)));
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            Socket socket = closing(new Socket());
            try {
                socket.connect(full.getLocalSocketAddress(), 200);
                return false;
            } catch (SocketTimeoutException noAnswer) {
                return true;
            }
        });
        return full;
    }

    /** Each address has its share of the time: of eight a dead one has little, and the server most, on a busy machine too. */
    private static List<String> mostlyAlive(String... dead) {
        List<String> all = new ArrayList<>(List.of(dead));
        all.addAll(Collections.nCopies(8 - dead.length, "127.0.0.1"));
        return all;
    }

    @Test
    void aDeadAddressLeavesTheOthersTheirTime() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, "here"));
        full("127.0.0.2", port(server));
        full("127.0.0.3", port(server));
        set("connectTimeout", "10s");
        names.put("api.example", mostlyAlive("127.0.0.2", "127.0.0.3"));
        allow("api.example", String.valueOf(port(server)), LOOPBACK);
        assertThat(talk(proxy(), absolute("http://api.example:" + port(server) + "/"))).endsWith("here");
        outbound("api", "url", "http://api.example:" + port(server), "addresses", LOOPBACK);
        assertThat(talk(port("outbound/api"), get("/"))).endsWith("here");
    }

    @Test
    void theCompanysProxyIsReachedAtItsNextAddressToo() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        ServerSocket company = companyProxy(heads, true);
        full("127.0.0.2", company.getLocalPort());
        set("connectTimeout", "10s");
        names.put("proxy.corp.example", mostlyAlive("127.0.0.2"));
        set("proxy", "proxy.corp.example:" + company.getLocalPort());
        allow("*.example", "80,443", "");
        assertThat(talk(proxy(), absolute("http://api.example/x"))).endsWith("asked");
        assertThat(talk(proxy(), connect("api.example:443"))).endsWith("tunnelled");
    }

    @Test
    void oneWhoseAddressesAreAllDeadIsGivenUpInTime() throws Exception {
        int port = full("127.0.0.2", 0).getLocalPort();
        full("127.0.0.3", port);
        set("connectTimeout", "600ms");
        names.put("api.example", List.of("127.0.0.2", "127.0.0.3"));
        allow("api.example", String.valueOf(port), LOOPBACK);
        assertThat(talk(proxy(), absolute("http://api.example:" + port + "/"))).startsWith("HTTP/1.1 504").contains("connectTimeout").doesNotContain("127.0.0");
        assertThat(record().outcome()).isEqualTo(Outcome.TIMED_OUT);
    }

    @Test
    void whereANameLeadsIsForTheLogAndNotForTheGuest() throws Exception {
        ServerSocket shut = silent();
        shut.close();
        names.put("intranet.corp.example", List.of("127.0.0.77"));
        names.put("proxy.corp.example", List.of("127.0.0.78"));
        allow("*", String.valueOf(shut.getLocalPort()), LOOPBACK);
        String request = absolute("http://intranet.corp.example:" + shut.getLocalPort() + "/");
        assertThat(talk(proxy(), request)).startsWith("HTTP/1.1 502").contains("Connection refused").doesNotContain("127.0.0.");
        assertThat(record().reason()).contains("127.0.0.77");
        set("proxy", "proxy.corp.example:" + shut.getLocalPort());
        assertThat(talk(proxy(), request)).startsWith("HTTP/1.1 502").doesNotContain("127.0.0.").doesNotContain("proxy.corp.example");
        assertThat(record().reason()).contains("proxy.corp.example:" + shut.getLocalPort());
        set("proxy", "unknown.corp.example:1");
        assertThat(talk(proxy(), request)).startsWith("HTTP/1.1 502").contains("company's proxy").doesNotContain("unknown.corp.example");
        assertThat(record().reason()).contains("unknown.corp.example");
    }

    @Test
    void ofSeveralAddressesOnlyThePermittedAreUsed() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, "here"));
        names.put("mixed.example", List.of("169.254.169.254", "127.0.0.1"));
        allow("mixed.example", String.valueOf(port(server)), LOOPBACK);
        assertThat(talk(proxy(), absolute("http://mixed.example:" + port(server) + "/"))).endsWith("here");
    }

    @Test
    void connectToAnotherPortThanTheAllowedIsRefused() throws Exception {
        names.put("api.example", List.of("127.0.0.1"));
        allow("api.example", "443", LOOPBACK);
        for (String port : List.of("22", "25", "80", "5432", "8443")) {
            assertThat(talk(proxy(), connect("api.example:" + port))).startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void bytesPassAsTheyAreAfterConnect() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            names.put("db.example", List.of("127.0.0.1"));
            allow("db.example", String.valueOf(server.getLocalPort()), LOOPBACK);
            try (Socket guest = proxy().connect()) {
                guest.getOutputStream().write(connect("db.example:" + server.getLocalPort()).getBytes(StandardCharsets.ISO_8859_1));
                BufferedReader in = new BufferedReader(new InputStreamReader(guest.getInputStream(), StandardCharsets.ISO_8859_1), 1);
                assertThat(in.readLine()).startsWith("HTTP/1.1 200");
                assertThat(in.readLine()).isEmpty();
                try (Socket outside = server.accept()) {
                    guest.getOutputStream().write(new byte[] {1, 2, 0, (byte) 200});
                    assertThat(outside.getInputStream().readNBytes(4)).containsExactly(1, 2, 0, (byte) 200);
                    outside.getOutputStream().write("back\n".getBytes(StandardCharsets.ISO_8859_1));
                    assertThat(in.readLine()).isEqualTo("back");
                }
                assertThat(in.read()).isEqualTo(-1);
            }
        }
        assertThat(record().outcome()).isEqualTo(Outcome.OK);
        assertThat(record().target()).startsWith("db.example:");
    }

    @Test
    void theRulesOfAnAgentCountAsSoonAsTheyChange() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, "here"));
        names.put("api.example", List.of("127.0.0.1"));
        HttpClient client = client(proxy());
        assertThat(ask(client, "http://api.example:" + port(server) + "/").statusCode()).isEqualTo(403);
        allow("api.example", String.valueOf(port(server)), LOOPBACK);
        assertThat(ask(client, "http://api.example:" + port(server) + "/").statusCode()).isEqualTo(200);
    }

    @Test
    void aTunnelEndsWhenItsHostIsNoLongerAllowed() throws Exception {
        ServerSocket server = silent();
        names.put("db.example", List.of("127.0.0.1"));
        allow("db.example", String.valueOf(server.getLocalPort()), LOOPBACK);
        try (Socket guest = proxy().connect()) {
            guest.getOutputStream().write(connect("db.example:" + server.getLocalPort()).getBytes(StandardCharsets.ISO_8859_1));
            try (Socket outside = server.accept()) {
                assertThat(guest.getInputStream().read()).isEqualTo('H');
                nothingAllowed();
                assertThat(outside.getInputStream().read()).isEqualTo(-1);
            }
        }
        assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"GET / HTTP/1.1", "GET ftp://a/ HTTP/1.1", "GET https://api.example/ HTTP/1.1", "GET http:/// HTTP/1.1",
        "GET http://user@api.example/ HTTP/1.1", "GET http://api.example\\@evil/ HTTP/1.1", "CONNECT api.example HTTP/1.1", "CONNECT /x HTTP/1.1",
        "CONNECT http://api.example:443 HTTP/1.1", "CONNECT [fe80::1%25eth0]:443 HTTP/1.1", "CONNECT [::1%lo]:443 HTTP/1.1", "CONNECT [dead.beef.cc]:443 HTTP/1.1",
        "CONNECT ::1:443 HTTP/1.1", "CONNECT api.example:443:80 HTTP/1.1", "CONNECT 127.0.0.1\u3002:443 HTTP/1.1", "GET http://[fe80::1%25lo]/ HTTP/1.1",
        "GET http://127.0.0.1%2f@api.example/ HTTP/1.1", "GET http://api.example:80:443/ HTTP/1.1", "GET http://256.0.0.1/ HTTP/1.1", "GET http://1.2.3.4.5/ HTTP/1.1", "GET http://api.example:99999/ HTTP/1.1", "GET http://api.exa\u0000mple/ HTTP/1.1"})
    void whatNamesNoTargetIsRefused(String line) throws Exception {
        allow("*", "1-65535", "");
        assertThat(talk(proxy(), line + "\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 400");
    }

    /** The range that the connection goes to is taken out of the rule, and the rule stays. */
    @Test
    void aTunnelEndsWhenItsAddressIsNoLongerAllowed() throws Exception {
        ServerSocket server = silent();
        names.put("db.example", List.of("127.0.0.1"));
        allow("db.example", String.valueOf(server.getLocalPort()), LOOPBACK);
        allow("*.example", String.valueOf(server.getLocalPort()), "10.0.0.0/8");
        try (Socket guest = proxy().connect()) {
            guest.getOutputStream().write(connect("db.example:" + server.getLocalPort()).getBytes(StandardCharsets.ISO_8859_1));
            try (Socket outside = server.accept()) {
                assertThat(guest.getInputStream().read()).isEqualTo('H');
                nothingAllowed();
                allow("db.example", String.valueOf(server.getLocalPort()), "");
                assertThat(outside.getInputStream().read()).isEqualTo(-1);
            }
        }
        assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
    }

    @Test
    void aNameThatNobodyKnowsIsTold() throws Exception {
        allow("*", "80", "");
        assertThat(talk(proxy(), absolute("http://nowhere.example/"))).startsWith("HTTP/1.1 502").contains("knows no nowhere.example");
        assertThat(record().outcome()).isEqualTo(Outcome.UNREACHABLE);
    }

    @Test
    void outboundsAreReachedThroughTheProxyByTheirNames() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, exchange.getRequestHeaders().getFirst("Authorization") + exchange.getRequestURI()));
        outbound("model", "url", "http://127.0.0.1:" + port(server) + "/v1", "header", "Authorization", "value", "Bearer sk");
        outbound("db", "tcp", "127.0.0.1:" + port(server), "port", "5432");
        assertThat(ask(client(proxy()), "http://model.outbound/chat").body()).isEqualTo("Bearer sk/v1/chat");
        assertThat(talk(proxy(), connect("db.outbound:5432") + get("/direct"))).contains("200 Connection Established").endsWith("null/direct");
        assertThat(talk(proxy(), connect("db.outbound:80"))).startsWith("HTTP/1.1 403").contains("port 5432");
        assertThat(talk(proxy(), connect("model.outbound:443"))).startsWith("HTTP/1.1 403").contains("http instead of https");
        assertThat(talk(proxy(), absolute("http://db.outbound:5432/"))).startsWith("HTTP/1.1 403").contains("CONNECT db.outbound:5432");
        assertThat(talk(proxy(), absolute("http://other.outbound/"))).startsWith("HTTP/1.1 403").contains("<outbound name=\"other\">");
    }

    /** A company's proxy, which wants to know who asks. */
    private ServerSocket companyProxy(List<String> heads, boolean letIn) throws IOException {
        ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    Socket socket = proxy.accept();
                    BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 1);
                    StringBuilder head = new StringBuilder();
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                        head.append(line).append('\n');
                    }
                    heads.add(head.toString());
                    String answer = !letIn ? "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=company\r\nContent-Length: 0\r\n\r\n"
                            : head.toString().startsWith("CONNECT") ? "HTTP/1.1 200 OK\r\n\r\ntunnelled" : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nasked";
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                    socket.shutdownOutput();
                }
            } catch (IOException closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return closing(proxy);
    }

    @Test
    void theCompanysProxyIsAskedWithItsPasswordAndTheRulesStillCount() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        ServerSocket company = companyProxy(heads, true);
        set("proxy", "127.0.0.1:" + company.getLocalPort());
        set("proxyUser", "host");
        set("proxyPassword", "secret");
        set("proxyExcept", "direct.example");
        allow("*.example", "80,443", "");
        assertThat(talk(proxy(), connect("api.example:443"))).contains("200 Connection Established").endsWith("tunnelled");
        assertThat(talk(proxy(), absolute("http://api.example/x"))).endsWith("asked");
        assertThat(heads.get(0)).startsWith("CONNECT api.example:443").containsIgnoringCase("proxy-authorization: Basic aG9zdDpzZWNyZXQ=");
        assertThat(heads.get(1)).startsWith("GET http://api.example/x").containsIgnoringCase("proxy-authorization: Basic aG9zdDpzZWNyZXQ=");
        assertThat(talk(proxy(), connect("api.other:443"))).startsWith("HTTP/1.1 403");
        assertThat(talk(proxy(), connect("direct.example:443"))).startsWith("HTTP/1.1 502").contains("knows no direct.example");
        assertThat(heads).hasSize(2);
    }

    @Test
    void plainHttpIsAskedOfTheCompanysProxyOnAConnectionThatIsKeptToo() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer company = server(exchange -> {
            asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Proxy-Authorization") + " " + exchange.getRemoteAddress().getPort());
            answer(exchange, 200, "asked");
        });
        set("proxy", "127.0.0.1:" + port(company));
        set("proxyUser", "host");
        set("proxyPassword", "secret");
        allow("*.example", "80", "");
        GuestPort proxy = proxy();
        assertThat(talk(proxy, absolute("http://api.example/1"))).endsWith("asked");
        assertThat(talk(proxy, absolute("http://api.example/2"))).endsWith("asked");
        assertThat(asked.get(0)).startsWith("http://api.example/1 Basic aG9zdDpzZWNyZXQ= ");
        assertThat(asked.get(1)).startsWith("http://api.example/2 Basic aG9zdDpzZWNyZXQ= ");
        assertThat(asked.get(1).split(" ")[3]).isEqualTo(asked.get(0).split(" ")[3]);
    }

    @Test
    void aCompanysProxyThatRefusesIsToldWithoutThePassword() throws Exception {
        ServerSocket company = companyProxy(new CopyOnWriteArrayList<>(), false);
        set("proxy", "127.0.0.1:" + company.getLocalPort());
        set("proxyUser", "host");
        set("proxyPassword", "sesame");
        allow("*.example", "443", "");
        assertThat(talk(proxy(), connect("api.example:443"))).startsWith("HTTP/1.1 502").contains("407", "proxyUser", "proxyPassword").doesNotContain("sesame");
        assertThat(record().outcome()).isEqualTo(Outcome.UNREACHABLE);
    }

    @Test
    void aCompanysProxyThatWantsThePasswordForPlainHttpAsksTheGuestForNone() throws Exception {
        ServerSocket company = companyProxy(new CopyOnWriteArrayList<>(), false);
        set("proxy", "127.0.0.1:" + company.getLocalPort());
        allow("*.example", "80", "");
        outbound("model", "url", "http://api.example");
        for (String answer : List.of(talk(proxy(), absolute("http://api.example/x")), talk(port("outbound/model"), get("/x")))) {
            assertThat(answer).startsWith("HTTP/1.1 502").contains("proxyUser and proxyPassword of <agentRuntimeEgress>").doesNotContainIgnoringCase("proxy-auth");
        }
        assertThat(record().outcome()).isEqualTo(Outcome.UNREACHABLE);
    }

    /** Answers each request with its name, and tells what it was asked. */
    private HttpServer echo(String name, List<String> asked) throws IOException {
        return server(exchange -> {
            asked.add(name + " " + exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            answer(exchange, 200, name);
        });
    }

    @Test
    void aConnectionThatRestsServesNobodyOnceTheWayHasChanged() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer itself = echo("itself", asked);
        names.put("api.example", List.of("127.0.0.1"));
        allow("api.example", String.valueOf(port(itself)), LOOPBACK);
        GuestPort proxy = proxy();
        String url = "http://api.example:" + port(itself) + "/x";
        assertThat(talk(proxy, absolute(url))).endsWith("itself");
        set("proxy", "127.0.0.1:" + port(echo("old", asked)));
        set("proxyUser", "host");
        set("proxyPassword", "old");
        assertThat(talk(proxy, absolute(url))).endsWith("old");
        set("proxyPassword", "new");
        set("proxy", "127.0.0.1:" + port(echo("new", asked)));
        assertThat(talk(proxy, absolute(url))).endsWith("new");
        set("proxy", "");
        assertThat(talk(proxy, absolute(url))).endsWith("itself");
        assertThat(asked).containsExactly("itself /x null", "old " + url + " Basic aG9zdDpvbGQ=", "new " + url + " Basic aG9zdDpuZXc=", "itself /x null");
    }

    @Test
    void aRequestThatIsSentOnceMoreGoesTheWayThatThereIsThen() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer itself = echo("itself", asked);
        names.put("api.example", List.of("127.0.0.1"));
        allow("api.example", String.valueOf(port(itself)), LOOPBACK);
        ServerSocket company = silent();
        set("proxy", "127.0.0.1:" + company.getLocalPort());
        set("proxyUser", "host");
        String url = "http://api.example:" + port(itself) + "/x";
        Thread serving = new Thread(() -> {
            try (Socket socket = company.accept()) {
                socket.getInputStream().read(new byte[4_096]);
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst".getBytes(StandardCharsets.ISO_8859_1));
                socket.getInputStream().read(new byte[4_096]);
                set("proxy", "");
            } catch (IOException closed) {
                // What the guest sees of it is what is tested.
            }
        });
        serving.start();
        GuestPort proxy = proxy();
        assertThat(talk(proxy, absolute(url))).endsWith("first");
        assertThat(talk(proxy, absolute(url))).endsWith("itself");
        serving.join();
        assertThat(asked).containsExactly("itself /x null");
    }

    @Test
    void theOptionsOfAWholeServerAreNotAskedOfTheCompanysProxy() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        set("proxy", "127.0.0.1:" + companyProxy(heads, true).getLocalPort());
        outbound("model", "url", "http://api.example:8080");
        talk(port("outbound/model"), get("*").replace("GET", "OPTIONS"));
        assertThat(heads.get(0)).startsWith("CONNECT api.example:8080");
    }

    @Test
    void theReasonOfARefusedConnectIsInTheRecordAsClientsDoNotShowIt() {
        HttpClient client = client(proxy());
        assertThatThrownBy(() -> ask(client, "https://api.example.com/")).isInstanceOf(IOException.class);
        assertThat(record().reason()).contains("<allow host=\"api.example.com\" ports=\"443\"/>");
    }
}
