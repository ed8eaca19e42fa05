package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.net.Permit;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** However many messages one read brings, the host makes objects of those only that somebody has asked for. */
class OneAtATimeTest extends EgressTestBase {

    private static final int HEADER_BYTES = 32 * 1024;

    @Test
    void ofManyRequestsThatAGuestSendsAtOnceOneIsDecodedAtATime() {
        assertThatOneIsDecodedAtATime(new HttpEnds.Guest(HEADER_BYTES), "A / HTTP/1.0\r\na:\r\nb:\r\n\r\n".repeat(2_000), 2);
    }

    @Test
    void ofManySmallChunksThatAGuestSendsAtOnceOneIsDecodedAtATime() {
        assertThatOneIsDecodedAtATime(new HttpEnds.Guest(HEADER_BYTES),
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\na\r\n".repeat(10_000), 1);
    }

    @Test
    void ofManySmallChunksOfAnAnswerOneIsDecodedAtATime() {
        assertThatOneIsDecodedAtATime(HttpEnds.upstream(HEADER_BYTES).get(0),
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\na\r\n".repeat(10_000), 1);
    }

    @Test
    void ofManyAnswersThatAnUpstreamSendsAtOnceOneIsDecodedAtATime() {
        assertThatOneIsDecodedAtATime(HttpEnds.upstream(HEADER_BYTES).get(0), "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(2_000), 2);
    }

    /** Each of them may have its end by the clock only as long as it rests. */
    @Test
    void ofManyRequestsThatFollowEachOtherQuicklyNothingIsKept() {
        BackPool pool = new BackPool(() -> 100);
        BackPool.Key key = new BackPool.Key(Upstream.plain(Destination.parse("api.example:80", Optional.empty())), Permit.publicAnd(List.of()),
                new Route(Optional.empty(), false));
        EmbeddedChannel channel = new EmbeddedChannel(HttpEnds.upstream(HEADER_BYTES).toArray(ChannelHandler[]::new));
        for (int i = 0; i < 1_000; i++) {
            pool.give(key, channel);
            assertThat(pool.take(key)).contains(channel);
        }
        assertThat(channel.runScheduledPendingTasks()).as("until the next of them").isEqualTo(-1);
        channel.finishAndReleaseAll();
    }

    private static void assertThatOneIsDecodedAtATime(ChannelHandler end, String bytes, int most) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(end);
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
        assertThat(channel.inboundMessages()).as("before somebody asks").isEmpty();
        for (int asked = 0; asked < 100; asked++) {
            channel.read();
            assertThat(channel.inboundMessages()).as("asked %d times before", asked).hasSizeBetween(1, most);
            channel.inboundMessages().forEach(ReferenceCountUtil::release);
            channel.inboundMessages().clear();
        }
        channel.finishAndReleaseAll();
    }

    @Test
    void requestsThatAreSentAtOnceAreAnsweredOneAfterTheOther() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, exchange.getRequestURI().getPath() + new String(
                exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII)));
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        StringBuilder requests = new StringBuilder();
        IntStream.range(0, 300).forEach(i -> requests.append(i % 2 == 0 ? "GET /" + i + "; HTTP/1.1\r\nHost: x\r\n\r\n"
                : "POST /" + i + "; HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n"));
        String answers;
        try (Socket socket = port("outbound/model").connect()) {
            socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            answers = rest(socket.getInputStream());
        }
        List<String> bodies = answers.lines().filter(line -> line.startsWith("/")).map(line -> line.split("HTTP/")[0]).toList();
        assertThat(bodies).isEqualTo(IntStream.range(0, 300).mapToObj(i -> "/" + i + ";" + (i % 2 == 0 ? "" : "ab")).toList());
    }

    @Test
    void whatFollowsARequestThatEndsItsConnectionIsNotLookedAt() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer server = server(exchange -> {
            seen.add(exchange.getRequestURI().getPath());
            answer(exchange, 200, "ok");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        String next = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
        assertThat(talk(port("outbound/model"), get("/a") + next.repeat(50))).containsOnlyOnce("HTTP/1.1 200");
        assertThat(talk(port("outbound/model"), "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n" + next.repeat(50))).containsOnlyOnce("HTTP/1.1");
        assertThat(seen).containsExactly("/a");
    }

    @Test
    void anAnswerOfManySmallChunksArrivesWhole() throws Exception {
        ServerSocket upstream = silent();
        outbound("model", "url", "http://127.0.0.1:" + upstream.getLocalPort());
        Thread serving = new Thread(() -> {
            try (Socket socket = upstream.accept(); InputStream in = socket.getInputStream(); OutputStream out = socket.getOutputStream()) {
                in.read(new byte[1_000]);
                out.write(("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\na\r\n".repeat(5_000) + "0\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                in.read();
            } catch (java.io.IOException closed) {
                // The test is over.
            }
        });
        serving.start();
        assertThat(talk(port("outbound/model"), get("/a")).chars().filter(c -> c == 'a').count()).isGreaterThanOrEqualTo(5_000);
        serving.join();
    }
}
