package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.fuzz.Corpus;
import dev.agentruntime.fuzz.Fuzz;
import dev.agentruntime.fuzz.Mutations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Requests of guests, changed at random, at an outbound and at the proxy: what goes on to a service is one request to whoever reads it,
 * to where the agent may go and with the host's credential; everything else is refused in a sentence.
 */
class RequestFuzzTest {

    private static final Corpus CORPUS = Corpus.of(RequestFuzzTest.class, "corpus");
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern HEAD = Pattern.compile("(" + TOKEN + ") ([!-~]+) HTTP/1\\.1\r\n((?:" + TOKEN + ": [\t -~\u0080-\u00ff]*\r\n)+)\r\n");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-f]+)\r\n");
    private static final AgentRules RULES = RuleReader.agents(Attributes.of("agentRuntime", Map.of("agent.0.name", "hello", "agent.0.outbound.0.name", "model",
            "agent.0.outbound.0.url", "https://api.example/v1", "agent.0.outbound.0.header", "X-Api-Key", "agent.0.outbound.0.value", "hosts",
            "agent.0.allow.0.host", "*.good.example", "agent.0.allow.0.ports", "80, 443"))).get("hello");

    @TestFactory
    List<DynamicTest> eachOfTheCorpusGoesOnCleanOrIsRefused() {
        return CORPUS.inputs().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> take(entry.getValue(), new Random(1)))).toList();
    }

    @Test
    void whateverComesGoesOnAsOneCleanRequestOrIsRefused() {
        Fuzz.run(300, random -> take(CORPUS.mutated(random), random));
    }

    private static void take(byte[] input, Random random) {
        for (Router router : List.of(new OutboundRouter("model", "hello", () -> RULES.outbound("model")), new ProxyRouter(() -> RULES, none -> Optional.empty()))) {
            List<String> whole = new Guest(router).says(List.of(ByteBuffer.wrap(input)));
            assertThat(new Guest(router).says(Mutations.pieces(input, random))).isEqualTo(whole);
        }
    }

    /** A connection of a guest's, of which each request is judged as the host does it. */
    private static final class Guest {

        private final Router router;
        private final EmbeddedChannel front = new EmbeddedChannel();
        private final List<String> heard = new ArrayList<>();
        private Optional<EmbeddedChannel> back = Optional.empty();
        private String body = "";
        private boolean over;

        Guest(Router router) {
            this.router = router;
            front.config().setAutoRead(false);
            front.pipeline().addLast(new HttpEnds.Guest(8 * 1024));
        }

        /** Returns what became of each request until the connection was ended. */
        List<String> says(List<ByteBuffer> pieces) {
            for (ByteBuffer piece : pieces) {
                front.writeInbound(Unpooled.copiedBuffer(piece));
                front.read();
                for (Object message = front.readInbound(); message != null; message = front.readInbound()) {
                    if (!over) {
                        hear(message);
                    }
                    ReferenceCountUtil.release(message);
                    front.read();
                }
            }
            front.finishAndReleaseAll();
            back.ifPresent(EmbeddedChannel::finishAndReleaseAll);
            return heard;
        }

        private void hear(Object message) {
            if (message instanceof HttpRequest request) {
                begin(request, Heads.problem(request).<Plan>map(problem -> new Plan.Refuse("", problem)).orElseGet(() -> router.plan(request)));
            } else if (back.isPresent()) {
                goOn((HttpContent) message);
            }
        }

        private void begin(HttpRequest request, Plan plan) {
            if (plan instanceof Plan.Forward forward) {
                EmbeddedChannel service = new EmbeddedChannel(new HttpRequestEncoder());
                service.writeOutbound(forward.request());
                back = Optional.of(service);
                String head = text(service);
                check(forward, head);
                heard.add(head);
                over = Heads.asksForWebSocket(request);
            } else if (plan instanceof Plan.Tunnel tunnel) {
                assertThat(tunnel.target()).matches("[a-z0-9_.-]+\\.good\\.example:(80|443)");
                heard.add("CONNECT " + tunnel.target());
                over = true;
            } else {
                Refusal refusal = ((Plan.Refuse) plan).refusal();
                assertThat(refusal.sentence()).matches("[ -~]{1,1500}");
                heard.add(refusal.sentence());
                over = refusal.status().code() == 400 || Heads.hasBody(request) || request.method().equals(HttpMethod.CONNECT);
            }
        }

        /** As an exchange passes a body on. */
        private void goOn(HttpContent content) {
            EmbeddedChannel service = back.orElseThrow();
            if (content.decoderResult().isFailure()) {
                over = true;
                return;
            }
            service.writeOutbound(new DefaultHttpContent(content.content().retain()));
            String head = heard.get(heard.size() - 1);
            if (content instanceof LastHttpContent) {
                service.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
                readBody(head, body + text(service));
                back = Optional.empty();
                body = "";
            } else {
                body += text(service);
            }
        }

        private static String text(EmbeddedChannel service) {
            StringBuilder text = new StringBuilder();
            for (ByteBuf bytes = service.readOutbound(); bytes != null; bytes = service.readOutbound()) {
                text.append(bytes.toString(StandardCharsets.ISO_8859_1));
                bytes.release();
            }
            return text.toString();
        }
    }

    private static void check(Plan.Forward plan, String text) {
        Matcher head = HEAD.matcher(text);
        assertThat(head.matches()).as(text).isTrue();
        assertThat(head.group(1)).isNotIn("CONNECT", "TRACE");
        boolean named = plan.target().equals("api.example:443");
        assertThat(named || plan.target().matches("[a-z0-9_.-]+\\.good\\.example:(80|443)")).as(plan.target()).isTrue();
        if (named) {
            assertThat(head.group(2)).startsWith("/v1/");
            assertThat(Climbing.isIn(head.group(2).split("\\?", 2)[0])).as(text).isFalse();
            assertThat(headers(head.group(3), "x[^a-z0-9]api[^a-z0-9]key")).containsExactly("hosts");
        }
        assertThat(headers(head.group(3), "host")).containsExactly(plan.upstream().hostHeader());
        assertThat(headers(head.group(3), "keep-alive|proxy-(connection|authorization|authenticate|authentication-info)|te|trailer|max-forwards|http2-settings")).isEmpty();
        assertThat(headers(head.group(3), "connection|upgrade")).isSubsetOf("upgrade", "websocket");
        assertThat(headers(head.group(3), "transfer-encoding|content-length")).hasSizeLessThan(2);
    }

    private static List<String> headers(String lines, String name) {
        return lines.lines().filter(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT).matches(name))
                .map(line -> line.substring(line.indexOf(':') + 2)).toList();
    }

    /** As the strictest server would: all of it is the one body that the head tells of. */
    private static void readBody(String head, String body) {
        String lines = head.substring(head.indexOf("\r\n") + 2);
        lines = lines.substring(0, lines.length() - 2);
        List<String> length = headers(lines, "content-length");
        if (headers(lines, "transfer-encoding").isEmpty()) {
            assertThat(String.valueOf(body.length())).isEqualTo(length.isEmpty() ? "0" : length.get(0));
            return;
        }
        assertThat(headers(lines, "transfer-encoding")).containsExactly("chunked");
        int at = 0;
        int size = -1;
        Matcher chunk = CHUNK.matcher(body);
        while (size != 0) {
            assertThat(chunk.region(at, body.length()).lookingAt()).as("a chunk at " + at).isTrue();
            size = Integer.parseInt(chunk.group(1), 16);
            at = chunk.end() + size + 2;
            assertThat(body.substring(at - 2, at)).isEqualTo("\r\n");
        }
        assertThat(at).isEqualTo(body.length());
    }
}
