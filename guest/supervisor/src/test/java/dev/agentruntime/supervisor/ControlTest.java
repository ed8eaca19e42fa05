package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.channel.ControlExchange;
import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.channel.ControlReply;
import dev.agentruntime.channel.ServerEnd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor as a host sees it, over a real link; a shell stands in for Open Liberty. */
@Timeout(60)
class ControlTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final LogRing log = new LogRing(1000);
    private final FakeMachine machine = new FakeMachine();
    private FakeHygiene hygiene;
    private HttpServer agent;
    private LinkPair links;
    private long libertyPid;

    @BeforeEach
    void start() throws IOException {
        Path socket = folder.resolve("hygiene.sock");
        hygiene = new FakeHygiene(socket);
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/ping", exchange -> {
            byte[] body = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        agent.start();
        Liberty liberty = Liberty.start(List.of("/bin/sh", "-c", "echo $$; echo CWWKF0011I ready; exec sleep 300"), folder, log);
        await().until(() -> log.tail(2).size() == 2);
        libertyPid = Long.parseLong(log.tail(2).get(0));
        Hygiene line = new Hygiene(socket);
        PingProbe probe = new PingProbe(URI.create("http://127.0.0.1:" + agent.getAddress().getPort()));
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemTotal: 524288 kB\nMemAvailable: 131072 kB\n");
        GuestRoom room = new GuestRoom(meminfo, folder);
        Path war = folder.resolve("apps/agent.war");
        Equipment equipment = new Equipment(folder.resolve("wlp"), folder.resolve("server"), war, room, liberty, log, line);
        Deployment deployment = new Deployment(war, room, liberty, log, line, probe);
        Control control = new Control(liberty, log, equipment, deployment, new NewIdentity(line, new HostsFile(folder.resolve("hosts")), names -> { }, machine), line, probe, machine);
        links = new LinkPair(folder, (stream, target) -> control.serve(stream));
    }

    @AfterEach
    void stop() throws IOException {
        links.close();
        killLiberty();
        agent.stop(0);
        hygiene.close();
    }

    private void killLiberty() {
        ProcessHandle.of(libertyPid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private ControlReply call(ControlMessage request) throws IOException {
        return ControlExchange.call(links.host(), request, PATIENCE);
    }

    private static ControlMessage timed(String verb) {
        return ControlMessage.of(verb).with("epochMillis", Long.toString(Instant.parse("2031-01-01T00:00:00Z").toEpochMilli()));
    }

    @Test
    void theServerIsAwaitedAndItsLogRead() throws Exception {
        assertThat(call(ControlMessage.of("await")).isOk()).isTrue();
        assertThat(call(ControlMessage.of("log").with("lines", "1")).lines()).containsExactly("CWWKF0011I ready");
    }

    @Test
    void aPingIsAnsweredWithItsStatusAndTheBeginningOfItsBody() throws Exception {
        ControlReply reply = ControlExchange.call(links.host(), ControlMessage.of("ping").with("timeoutMillis", "5000"), PATIENCE, 4096);
        assertThat(reply.head().field("status")).contains("200");
        assertThat(reply.body()).hasSize(4096);
    }

    @Test
    void anAgentThatDoesNotAnswerIsAnError() throws Exception {
        agent.stop(0);
        assertThat(call(ControlMessage.of("ping")).message()).contains("did not answer GET /ping");
    }

    @Test
    void featuresComeBeforeTheWar() throws Exception {
        hygiene.answers(request -> {
            log.add("CWWKG0017I: The server configuration was successfully updated in 0.1 seconds.");
            log.add("CWWKF0008I: Feature update completed in 0.1 seconds.");
            log.add("[AUDIT   ] CWWKZ0001I: Application agent started in 1 seconds.");
            return ControlMessage.of("ok");
        });
        assertThat(call(ControlMessage.of("features").with("features", "mail-2.1")).message()).isEmpty();
        assertThat(folder.resolve("server/configDropins/overrides/features.xml")).content().contains("<feature>mail-2.1</feature>");
        byte[] war = Wars.tiny();
        ControlReply reply = ControlExchange.call(links.host(), ControlMessage.of("deploy").withLength(war.length), new ByteArrayInputStream(war), PATIENCE);
        assertThat(reply.isOk()).as(reply.message()).isTrue();
        assertThat(call(ControlMessage.of("features").with("features", "mail-2.1")).message()).contains("holds one already");
    }

    @Test
    void aWarThatHasItsPingElsewhereIsAskedThereFromThenOn() throws Exception {
        agent.removeContext("/ping");
        agent.createContext("/start", exchange -> {
            exchange.sendResponseHeaders("a=b".equals(exchange.getRequestURI().getQuery()) ? 200 : 404, -1);
            exchange.close();
        });
        hygiene.answers(request -> {
            log.add("[AUDIT   ] CWWKZ0001I: Application agent started in 1 seconds.");
            return ControlMessage.of("ok");
        });
        byte[] war = Wars.tiny();
        ControlMessage deploy = ControlMessage.of("deploy").withLength(war.length);
        assertThat(ControlExchange.call(links.host(), deploy.with("ping", "start"), new ByteArrayInputStream(war), PATIENCE).message()).contains("'start' is no path");
        ControlReply reply = ControlExchange.call(links.host(), deploy.with("ping", "/start?a=b"), new ByteArrayInputStream(war), PATIENCE);
        assertThat(reply.isOk()).as(reply.message()).isTrue();
        assertThat(call(ControlMessage.of("ping")).head().field("status")).contains("200");
    }

    @Test
    void aFailedDeployHasItsReasonAndTheLog() throws Exception {
        hygiene.answers(request -> {
            log.add("[ERROR   ] the shelf is broken");
            log.add("[ERROR   ] CWWKZ0004E: An exception occurred while starting the application agent. The exception message was: startWebApplication");
            return ControlMessage.of("ok");
        });
        ControlReply reply = ControlExchange.call(links.host(), ControlMessage.of("deploy").withLength(3), new ByteArrayInputStream(new byte[3]), PATIENCE);
        assertThat(reply.isOk()).isFalse();
        assertThat(reply.message()).isEqualTo("The WAR did not start: the shelf is broken");
        assertThat(reply.lines()).hasSize(2);
    }

    @Test
    void anIdentityASessionAndTheTimeAreTaken() throws Exception {
        hygiene.answers(request -> ControlMessage.of("ok").with(HygieneServer.HOOKS, "1"));
        String entropy = Base64.getEncoder().encodeToString(new byte[64]);
        assertThat(call(timed("renew").with("entropy", entropy).with("hostname", "s-1")).isOk()).isTrue();
        assertThat(call(timed("begin").with("sessionId", "session")).head().field("epochMillis")).isPresent();
        assertThat(call(timed("clock")).head().field("epochMillis")).isPresent();
        assertThat(machine.done).containsExactly("reseed with 64 bytes", "host name s-1", "clock", "clock", "clock");
        assertThat(hygiene.requests).extracting(ControlMessage::verb).containsExactly("renew", "begin");
    }

    @Test
    void theLogOfASessionBeginsWithTheSession() throws Exception {
        hygiene.answers(request -> {
            log.add("a hook speaks");
            return ControlMessage.of("ok");
        });
        assertThat(call(timed("begin").with("sessionId", "session")).isOk()).isTrue();
        log.add("the agent speaks");
        assertThat(call(ControlMessage.of("log")).lines()).containsExactly("a hook speaks", "the agent speaks");
    }

    @Test
    void theServerIsAskedToPrintAndASessionThatBeginsAfterDoesNotSeeIt() throws Exception {
        hygiene.answers(request -> {
            if (request.verb().equals("say")) {
                log.add("rehearsal: a line");
                log.add(RehearsedLines.LAST);
            }
            return ControlMessage.of("ok");
        });
        assertThat(call(ControlMessage.of("say")).isOk()).isTrue();
        assertThat(call(ControlMessage.of("log").with("lines", "1")).lines()).containsExactly("rehearsal: the last line");
        assertThat(call(timed("begin").with("sessionId", "session")).isOk()).isTrue();
        assertThat(call(ControlMessage.of("log")).lines()).isEmpty();
    }

    @Test
    void atTheEndHooksAreToldFirstAndTheApplicationIsStoppedWhateverTheySay() throws Exception {
        hygiene.answers(request -> {
            log.add("[AUDIT   ] CWWKZ0001I: Application agent started in 1 seconds.");
            return ControlMessage.of("ok");
        });
        byte[] war = Wars.tiny();
        ControlReply deployed = ControlExchange.call(links.host(), ControlMessage.of("deploy").withLength(war.length), new ByteArrayInputStream(war), PATIENCE);
        assertThat(deployed.isOk()).as(deployed.message()).isTrue();
        hygiene.answers(request -> {
            if (request.verb().equals(HygieneServer.FILE_DELETED)) {
                log.add("last words");
                log.add("[AUDIT   ] CWWKZ0009I: The application agent has stopped successfully.");
                return ControlMessage.of("ok");
            }
            return ControlMessage.error("a hook failed");
        });
        assertThat(call(timed("end").with("timeoutMillis", "5000")).message()).isEqualTo("a hook failed");
        assertThat(hygiene.requests).extracting(ControlMessage::verb).endsWith(HygieneServer.END, HygieneServer.FILE_DELETED);
        assertThat(machine.done).containsExactly("clock");
        assertThat(call(ControlMessage.of("log")).lines()).contains("last words");
    }

    @Test
    void comingToRestRunsTheHooksFirst() throws Exception {
        assertThat(call(ControlMessage.of("quiesce")).isOk()).isTrue();
        assertThat(machine.done).containsExactly("settle");
        hygiene.answers(request -> ControlMessage.error("a hook failed"));
        assertThat(call(ControlMessage.of("quiesce")).message()).isEqualTo("a hook failed");
        assertThat(machine.done).containsExactly("settle");
    }

    @Test
    void whatIsAskedWronglyIsAnErrorThatNamesIt() throws Exception {
        assertThat(call(ControlMessage.of("dance")).message()).contains("'dance'");
        assertThat(call(ControlMessage.of("begin")).message()).contains("sessionId");
        assertThat(call(ControlMessage.of("ping").with("timeoutMillis", "soon")).message()).contains("timeoutMillis", "soon");
        assertThat(call(ControlMessage.of("await")).isOk()).isTrue();
    }

    @Test
    void anErrorFitsIntoItsHeadWhateverItSays() throws Exception {
        hygiene.answers(request -> ControlMessage.error("書".repeat(5000)));
        assertThat(call(ControlMessage.of("quiesce")).message()).startsWith("書書書").endsWith("…");
    }

    @Test
    void theEndOfTheServerIsToldToWhoeverWatchesAndToWhoeverAsksLater() throws Exception {
        CompletableFuture<ServerEnd> first = ServerEnd.watch(links.host()).toCompletableFuture();
        assertThat(call(ControlMessage.of("await")).isOk()).isTrue();
        assertThat(first).isNotDone();
        killLiberty();
        assertThat(first).succeedsWithin(PATIENCE).satisfies(end -> {
            assertThat(end.reason()).contains("exit code 137", "raise `memory`");
            assertThat(end.lastLines()).contains("CWWKF0011I ready");
        });
        assertThat(ServerEnd.watch(links.host()).toCompletableFuture()).succeedsWithin(PATIENCE).isEqualTo(first.join());
        assertThat(call(ControlMessage.of("ping")).message()).contains("exit code 137");
    }

    @Test
    void aHostThatNoLongerWatchesDoesNotDisturbTheEnd() throws Exception {
        ServerEnd.watch(links.host());
        assertThat(call(ControlMessage.of("await")).isOk()).isTrue();
        links.host().close();
        killLiberty();
        await().until(() -> log.tail(1).get(0).startsWith("supervisor: The agent's JVM has ended"));
    }
}
