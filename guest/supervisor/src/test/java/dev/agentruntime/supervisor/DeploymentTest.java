package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.channel.ControlMessage;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shell stands in for Open Liberty's process, and what Liberty would log is put into its log. */
@Timeout(60)
class DeploymentTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String APPLICATION = "[11/26/26, 3:46:54:035 UTC] 00000022 id=         com.ibm.ws.app.manager.AppMessageHelper                      ";

    @TempDir
    Path folder;

    private final LogRing log = new LogRing(500);
    private final AtomicInteger pings = new AtomicInteger();
    private IntUnaryOperator status = count -> 200;
    private FakeHygiene hygiene;
    private HttpServer agent;
    private Liberty liberty;
    private Deployment deployment;
    private Path war;

    @BeforeEach
    void start() throws IOException {
        Path socket = folder.resolve("hygiene.sock");
        hygiene = new FakeHygiene(socket);
        logs("A CWWKZ0001I: Application agent started in 1.395 seconds.");
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/ping", exchange -> {
            byte[] body = "answer of the agent".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.applyAsInt(pings.incrementAndGet()), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        agent.start();
        liberty = Liberty.start(List.of("/bin/sh", "-c", "echo pid $$; exec sleep 300"), folder, log);
        await().until(() -> !log.tail(1).isEmpty());
        war = folder.resolve("apps/agent.war");
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemTotal: 524288 kB\nMemAvailable: 131072 kB\n");
        deployment = new Deployment(war, new GuestRoom(meminfo, war.getParent()), liberty, log, new Hygiene(socket),
                new PingProbe(URI.create("http://127.0.0.1:" + agent.getAddress().getPort())));
    }

    @AfterEach
    void stop() throws IOException {
        killLiberty();
        agent.stop(0);
        hygiene.close();
    }

    private void killLiberty() {
        ProcessHandle.of(Long.parseLong(log.tail(500).get(0).replaceAll("\\D", ""))).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void logs(String... records) {
        hygiene.answers(request -> {
            for (String record : records) {
                log.add(record.startsWith("\t") || record.startsWith(" ") || record.startsWith("Caused") ? record : APPLICATION + record);
            }
            return ControlMessage.of(ControlMessage.OK);
        });
    }

    private void deploy(byte[] content) throws IOException {
        deployment.run(new ByteArrayInputStream(content), content.length, LONG);
    }

    @Test
    void anAgentThatAnswersWith200IsDeployedWhateverItSays() throws Exception {
        deploy(Wars.tiny());
        assertThat(war).exists();
        assertThat(hygiene.requests).singleElement().satisfies(request -> {
            assertThat(request.verb()).isEqualTo(HygieneServer.FILE_CREATED);
            assertThat(request.field("path")).contains(war.toString());
        });
    }

    @Test
    void theTimeThatTheWarTookToComeIsPartOfItsTime() throws Exception {
        hygiene.answers(request -> ControlMessage.of(ControlMessage.OK));
        byte[] content = Wars.tiny();
        Duration limit = Duration.ofSeconds(4);
        AtomicLong there = new AtomicLong();
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(content)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                if (count < 0) {
                    await().pollDelay(limit).until(() -> true);
                    there.set(System.nanoTime());
                }
                return count;
            }
        };
        assertThatThrownBy(() -> deployment.run(slow, content.length, limit)).hasMessageContaining("did not start within 4 s");
        assertThat(Duration.ofNanos(System.nanoTime() - there.get())).as("it has no second time of its own").isLessThan(limit);
    }

    @Test
    void anAgentThatIsNotThereYetIsAskedAgain() throws Exception {
        status = count -> count < 4 ? 404 : count < 6 ? 503 : 200;
        deploy(Wars.tiny());
        assertThat(pings).hasValue(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 401, 403, 405})
    void anAnswerThatNoWaitingWillChangeIsQuoted(int code) {
        status = count -> code;
        assertThatThrownBy(() -> deploy(Wars.tiny())).isInstanceOf(GuestException.class)
                .hasMessageContaining("status " + code + ": answer of the agent").hasMessageContaining("must answer with status 200");
    }

    @Test
    void aWarWithoutPingIsToldWhatAnAgentNeeds() {
        status = count -> 404;
        assertThatThrownBy(() -> deploy(Wars.withoutPing())).isInstanceOf(GuestException.class).hasMessageContaining("has no /ping")
                .hasMessageContaining("@AgentEntrypoint").hasMessageContaining("pingPath");
    }

    @Test
    void aServletThatFailsIsTheCauseOfAMissingPing() {
        status = count -> 404;
        logs("E init SRVE0271E: Uncaught init() exception created by servlet [t.K]: java.lang.IllegalStateException: no database",
                "A CWWKZ0001I: Application agent started in 1.395 seconds.");
        assertThatThrownBy(() -> deploy(Wars.tiny())).hasMessageContaining("Its log says: SRVE0271E").hasMessageContaining("no database");
    }

    @Test
    void anAgentThatNeverGetsReadyIsReportedWithItsLastAnswer() {
        status = count -> 503;
        byte[] content = "war".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> deployment.run(new ByteArrayInputStream(content), content.length, Duration.ofSeconds(1)))
                .hasMessageContaining("within 1 s").hasMessageContaining("status 503: answer of the agent");
    }

    @Test
    void theFirstCauseOfAFailedStartIsToldWithTheLog() {
        logs("E broken: java.lang.NoClassDefFoundError: com/acme/Missing", "\tat t.A.run(A.java:1)",
                "E CWWKZ0004E: An exception occurred while starting the application agent. The exception message was: x.StateChangeException: startWebApplication");
        assertThatThrownBy(() -> deploy(Wars.tiny())).isInstanceOfSatisfying(GuestException.class, failure -> {
            assertThat(failure).hasMessage("The WAR did not start: broken: java.lang.NoClassDefFoundError: com/acme/Missing."
                    + " Put the library that has this class into WEB-INF/lib.");
            assertThat(failure.logLines()).anyMatch(line -> line.contains("CWWKZ0004E"));
        });
    }

    @Test
    void aWarThatDoesNotFitIsRefusedBeforeItIsRead() {
        InputStream untouched = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read");
            }
        };
        assertThatThrownBy(() -> deployment.run(untouched, 200L * 1024 * 1024, LONG)).isInstanceOf(GuestException.class)
                .hasMessageContaining("the WAR of 200 MiB would need 200 MiB, and there are 64 MiB left").hasMessageContaining("Raise `memory`");
        assertThat(war).doesNotExist();
        assertThat(hygiene.requests).isEmpty();
    }

    @Test
    void aWarThatBreaksOffLeavesNothingBehind() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThatThrownBy(() -> deployment.run(broken, 1, LONG)).isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on device. The guest keeps all files in its memory");
        assertThat(war.getParent()).isEmptyDirectory();
    }

    @Test
    void aGuestTakesOneWarAtATime() throws Exception {
        deploy(Wars.tiny());
        assertThatThrownBy(() -> deploy(Wars.tiny())).hasMessageContaining("already holds a WAR");
    }

    @Test
    void aWarThatIsTakenOutLeavesNoLog() throws Exception {
        deploy(Wars.tiny());
        String pid = log.tail(500).get(0);
        logs("A CWWKZ0009I: The application agent has stopped successfully.");
        deployment.undo(LONG);
        assertThat(war).doesNotExist();
        assertThat(log.tail(500)).isEmpty();
        log.add(pid);
        assertThat(hygiene.requests).last().extracting(ControlMessage::verb).isEqualTo(HygieneServer.FILE_DELETED);
        deployment.undo(LONG);
        assertThat(hygiene.requests).hasSize(2);
    }

    @Test
    void atTheEndOfASessionTheLogStays() throws Exception {
        deploy(Wars.tiny());
        logs("A CWWKZ0009I: The application agent has stopped successfully.");
        assertThat(deployment.end(LONG)).isTrue();
        assertThat(war).doesNotExist();
        assertThat(log.tail(1)).singleElement().asString().contains("CWWKZ0009I");
        assertThat(deployment.end(LONG)).isFalse();
    }

    @Test
    void anApplicationThatDoesNotStopHoldsUpNobodyForLongerThanItsTime() throws Exception {
        deploy(Wars.tiny());
        logs();
        assertThatThrownBy(() -> deployment.end(Duration.ofSeconds(1))).isInstanceOf(GuestException.class).hasMessage("The WAR did not stop within 1 s.");
    }

    @Test
    void aServerThatEndsMeanwhileIsTheReason() {
        hygiene.answers(request -> {
            killLiberty();
            return ControlMessage.of(ControlMessage.OK);
        });
        assertThatThrownBy(() -> deploy(Wars.tiny())).isInstanceOf(GuestException.class).hasMessageContaining("JVM has ended").hasMessageContaining("137");
    }

    @Test
    void aStartThatDoesNotEndIsBrokenOff() {
        logs();
        byte[] content = "war".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> deployment.run(new ByteArrayInputStream(content), content.length, Duration.ofMillis(300)))
                .isInstanceOf(GuestException.class).hasMessageContaining("did not start within");
    }
}
