package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.OutboundName;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmDriverContract;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An agent that goes out of a real VM, with -Dvm=true. Prints the time of each step. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WayOutIT {

    private static final List<OutboundName> OUTBOUNDS = List.of(new OutboundName("echo", 7000), new OutboundName("source", 7000),
            new OutboundName("model", 80));
    private static final Map<String, String> ENVIRONMENT = Map.of("AGENT_GREETING", "good day", "HTTP_TRACE_KEY", "sk=1");

    private final RealHost host = new RealHost();
    private AgentTemplate template;

    @BeforeAll
    void prepare() throws Exception {
        template = host.prepare("outward", TestWar.outward(Files.createTempDirectory("agrt-it")));
    }

    @AfterAll
    void close() {
        template.close();
        host.close();
    }

    private interface Deed {
        void in(Vm vm, OutsideWorld world) throws Exception;
    }

    private void inSession(Deed deed) throws Exception {
        OutsideWorld world = new OutsideWorld();
        Vm vm = template.start();
        try {
            vm.onStream(world);
            long begun = System.nanoTime();
            vm.begin(new SessionStart("session-of-" + vm.name(), ENVIRONMENT, OUTBOUNDS));
            say("begin with an environment and outbounds", begun);
            deed.in(vm, world);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(vm.name() + " failed; its log:\n" + String.join("\n", vm.logTail(40)), e);
        } finally {
            vm.destroy();
        }
    }

    private static void say(String what, long begun) {
        System.out.printf("%s: %d ms%n", what, (System.nanoTime() - begun) / 1_000_000);
    }

    private static String get(Vm vm, String path) throws Exception {
        long begun = System.nanoTime();
        String answer = VmDriverContract.exchange(vm, "GET " + path + " HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n");
        say(path.length() > 60 ? path.substring(0, 60) : path, begun);
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static String fetch(Vm vm, String client, String url) throws Exception {
        return get(vm, "/fetch?client=" + client + "&url=" + URLEncoder.encode(url, StandardCharsets.UTF_8));
    }

    @Test
    void httpClientsReachAnOutboundByItsNameAndTheRestThroughTheProxy() throws Exception {
        inSession((vm, world) -> {
            for (String client : new String[] {"net", "url", "net", "url"}) {
                assertThat(fetch(vm, client, "http://model.outbound/v1/chat")).isEqualTo("outbound/model was asked: GET /v1/chat HTTP/1.1");
                assertThat(fetch(vm, client, "http://example.com/x")).isEqualTo("proxy was asked: GET http://example.com/x HTTP/1.1");
            }
            assertThat(get(vm, "/lookup?host=model.outbound")).isEqualTo("127.0.1.3");
            assertThat(get(vm, "/lookup?host=other.outbound")).isEqualTo("unknown host");
            assertThat(world.targets).containsOnly("outbound/model", "proxy");
        });
    }

    @Test
    void aTemplateThatTriedToGoOutWasRefusedAndItsClonesAreNot() throws Exception {
        inSession((vm, world) -> {
            assertThat(get(vm, "/startup")).isEqualTo("UnknownHostException, HTTP/1.1 503 Service Unavailable");
            assertThat(get(vm, "/hold?host=echo.outbound&port=7000")).isEqualTo("first");
        });
    }

    @Test
    void connectionsSurviveAPause() throws Exception {
        inSession((vm, world) -> {
            assertThat(get(vm, "/hold?host=echo.outbound&port=7000")).isEqualTo("first");
            vm.pause();
            vm.resume();
            assertThat(get(vm, "/held?text=second")).isEqualTo("second");
            assertThat(fetch(vm, "url", "http://model.outbound/")).startsWith("outbound/model");
            assertThat(world.targets).containsExactly("outbound/echo", "outbound/model");
        });
    }

    @Test
    void twoClonesGoOutApart() throws Exception {
        inSession((one, worldOfOne) -> inSession((other, worldOfOther) -> {
            assertThat(get(one, "/hold?host=echo.outbound&port=7000")).isEqualTo("first");
            assertThat(fetch(other, "url", "http://model.outbound/")).startsWith("outbound/model");
            assertThat(get(one, "/held?text=mine")).isEqualTo("mine");
            assertThat(worldOfOne.targets).containsExactly("outbound/echo");
            assertThat(worldOfOther.targets).containsExactly("outbound/model");
        }));
    }

    @Test
    void aVmThatWaitedPrimedGoesOutToo() throws Exception {
        Vm vm = ((PreparedAgent) template).ahead().apply(StartMode.PRIMED);
        try {
            vm.onStream(new OutsideWorld());
            long begun = System.nanoTime();
            vm.begin(new SessionStart("primed", ENVIRONMENT, OUTBOUNDS));
            say("primed begin with an environment and outbounds", begun);
            assertThat(get(vm, "/hold?host=echo.outbound&port=7000")).isEqualTo("first");
            assertThat(get(vm, "/env?name=AGENT_GREETING")).isEqualTo("good day Optional[good day] good day");
        } finally {
            vm.destroy();
        }
    }

    @Test
    void theEnvironmentIsSeenByTheAgentItsConfigAndItsChildren() throws Exception {
        inSession((vm, world) -> {
            assertThat(get(vm, "/env?name=AGENT_GREETING")).isEqualTo("good day Optional[good day] good day");
            assertThat(get(vm, "/env?name=HTTP_TRACE_KEY")).isEqualTo("sk=1 Optional[sk=1] sk=1");
            assertThat(get(vm, "/env?name=AGENT_RUNTIME_WARM_UP")).as("of the template's making").isEqualTo("null Optional.empty null");
            assertThat(get(vm, "/env?name=https_proxy")).startsWith("http://127.0.0.1:3128 ");
            assertThat(vm.logTail(100)).noneMatch(line -> line.contains("sk=1"));
        });
    }

    @Test
    void theWayIsQuickAndWide() throws Exception {
        inSession((vm, world) -> {
            get(vm, "/hold?host=echo.outbound&port=7000");
            for (int round = 0; round < 3; round++) {
                System.out.println("echo of one byte: " + get(vm, "/echoes?count=500"));
            }
            for (int round = 0; round < 3; round++) {
                String answer = get(vm, "/download?host=source.outbound&port=7000&bytes=50000000");
                System.out.println("download: " + answer);
                assertThat(answer).startsWith("50000000 bytes");
            }
        });
    }

    @Test
    void anAgentThatDoesNothingAtItsEndIsNotStoppedFirst() throws Exception {
        inSession((vm, world) -> {
            vm.farewell(Duration.ofSeconds(60));
            assertThat(vm.logTail(200)).noneMatch(line -> line.contains("CWWKZ0009I"));
            assertThat(get(vm, "/lookup?host=model.outbound")).isEqualTo("127.0.1.3");
        });
    }
}
