package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentruntime.channel.ControlExchange;
import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.channel.ControlReply;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.ServerEnd;
import dev.agentruntime.channel.Targets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Boots the guest image and does with it what the driver does. Takes minutes without hardware acceleration, so it only
 * runs when asked for: {@code mvn -Pvm verify}. One guest serves all tests, in this order, because booting is most of it.
 */
@Tag("vm")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GuestImageIT {
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    static Path folder;
    private static GuestVm vm;

    @BeforeAll
    static void boot() throws IOException {
        Path image = Path.of(System.getProperty("agrt.image", "../image/target/image"));
        assumeTrue(Files.exists(image.resolve("initrd")), "no guest image in " + image);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-system-x86_64")), "no QEMU");
        long start = System.nanoTime();
        vm = GuestVm.boot(image, folder);
        report("boot to hello", start);
        ControlReply reply = ControlExchange.call(vm.link(), ControlMessage.of("await"), LONG);
        report("boot to await", start);
        assertThat(reply.isOk()).as(reply.message() + reply.text() + vm.consoleTail()).isTrue();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (vm != null) {
            vm.close();
        }
    }

    @Test
    @Order(0)
    void anAgentIsDeployedIntoTheRunningServer() throws IOException {
        long start = System.nanoTime();
        ControlReply reply = deploy(Wars.tiny());
        report("deploy", start);
        assertThat(reply.isOk()).as(reply.message() + "\n" + reply.text() + vm.consoleTail()).isTrue();
    }

    @Test
    @Order(1)
    void theLogHasWhatLibertySaid() throws IOException {
        assertThat(call(ControlMessage.of("log").with("lines", "500")).text()).contains("CWWKF0011I", "CWWKZ0001I");
    }

    @Test
    @Order(2)
    void pingGivesTheAgentsOwnAnswer() throws IOException {
        ControlReply reply = call(ControlMessage.of("ping").with("timeoutMillis", "10000"));
        assertThat(reply.head().field("status")).contains("200");
        assertThat(reply.text()).isEqualTo("{\"status\":\"Healthy\"}");
    }

    @Test
    @Order(3)
    void requestsGoToTheAgentAsTheyAre() throws IOException {
        assertThat(post("x".repeat(1_000_000))).startsWith("HTTP/1.1 200").contains("\"bytes\":1000000");
    }

    @Test
    @Order(4)
    void renewingGivesHostNameClockAndOtherNumbersAndIsQuickWhenWarm() throws IOException {
        Instant future = Instant.parse("2031-05-06T07:08:09Z");
        for (int i = 0; i < 3; i++) {
            assertThat(call(renew(i, "warm-up", future)).message()).isEmpty();
        }
        long start = System.nanoTime();
        assertThat(call(renew(9, "s-abc", future)).message()).isEmpty();
        report("renew, warm", start);
        start = System.nanoTime();
        assertThat(call(ControlMessage.of("begin").with("epochMillis", Long.toString(future.toEpochMilli()))
                .with("sessionId", "session-9")).message()).isEmpty();
        report("begin, cold", start);
        String answer = post("");
        assertThat(answer).contains("\"host\":\"s-abc\"");
        long millis = Long.parseLong(answer.replaceAll("(?s).*\"millis\":(\\d+).*", "$1"));
        assertThat(Instant.ofEpochMilli(millis)).isBetween(future, future.plusSeconds(30));
    }

    @Test
    @Order(5)
    void aQuietGuestBurnsLittle() throws IOException, InterruptedException {
        assertThat(call(ControlMessage.of("quiesce")).message()).isEmpty();
        // What Liberty does in the seconds after a start is not what an idle session costs.
        TimeUnit.SECONDS.sleep(15);
        Duration before = vm.cpu();
        TimeUnit.SECONDS.sleep(10);
        Duration used = vm.cpu().minus(before);
        System.out.println("[guest-image-it] idle: " + used.toMillis() / 2 + " ms of CPU in 5 s");
        assertThat(used).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    @Order(7)
    void formatsOfOtherLanguagesAndFontsAreThere() throws IOException {
        String answer = request("PUT", "");
        System.out.println("[guest-image-it] " + answer.substring(answer.indexOf("number=")));
        assertThat(answer).contains("number=1.234,5", "day=lundi").doesNotContain("lit=0 ");
    }

    @Test
    @Order(8)
    void anUnknownRequestIsAnError() throws IOException {
        assertThat(call(ControlMessage.of("dance")).message()).contains("dance");
    }

    @Test
    @Order(9)
    void anAgentThatLeavesItsJvmIsToldAtOnceWithItsExitCode() throws Exception {
        CompletableFuture<ServerEnd> end = ServerEnd.watch(vm.link()).toCompletableFuture();
        assertThat(call(ControlMessage.of("log")).isOk()).isTrue();
        assertThat(end).isNotDone();
        long start = System.nanoTime();
        try (MuxStream stream = vm.link().open(Targets.AGENT)) {
            stream.output().write("DELETE /invocations HTTP/1.1\r\nHost: agent\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(end).succeedsWithin(Duration.ofSeconds(20));
        }
        report("end of the JVM told", start);
        System.out.println("[guest-image-it] " + end.join());
        assertThat(end.join().reason()).contains("has called java.lang.System.exit");
        assertThat(vm.consoleTail()).contains("the agent leaves", "CWWKE0084I");
    }

    private static ControlMessage renew(int seed, String hostName, Instant time) {
        byte[] entropy = new byte[Entropy.BYTES];
        Arrays.fill(entropy, (byte) seed);
        return ControlMessage.of("renew").with("entropy", Base64.getEncoder().encodeToString(entropy))
                .with("epochMillis", Long.toString(time.toEpochMilli())).with("hostname", hostName);
    }

    private static ControlReply deploy(byte[] war) throws IOException {
        return ControlExchange.call(vm.link(), ControlMessage.of("deploy").withLength(war.length)
                .with("timeoutMillis", Long.toString(LONG.toMillis())), new ByteArrayInputStream(war), LONG.plusSeconds(10));
    }

    private static ControlReply call(ControlMessage request) throws IOException {
        return ControlExchange.call(vm.link(), request, LONG);
    }

    private static String post(String body) throws IOException {
        return request("POST", body);
    }

    private static String request(String method, String body) throws IOException {
        try (MuxStream stream = vm.link().open(Targets.AGENT)) {
            stream.output().write((method + " /invocations HTTP/1.1\r\nHost: agent\r\nConnection: close\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
            return new String(stream.input().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void report(String what, long start) {
        System.out.println("[guest-image-it] " + what + ": " + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
    }
}
