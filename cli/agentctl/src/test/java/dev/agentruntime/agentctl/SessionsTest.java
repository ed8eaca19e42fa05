package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import dev.agentruntime.client.ShellServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

    private static final String COMMANDS = "POST /runtimes/hello/commands";
    private static final String S = World.SESSION;
    private static final String ENDED = S.replace('1', '9');

    @TempDir
    private Path folder;
    private final ScriptedServer server = World.up();

    @AfterEach
    void stop() {
        server.close();
    }

    private Ran run(String... arguments) {
        return new Ran.In(folder).server(server.endpoint()).with("AGENTCTL_TOKEN", "T").run(arguments);
    }

    @Test
    void onlyThoseThatLiveAreListedUnlessAllAreAskedFor() {
        assertThat(run("sessions", "list").out().lines()).hasSize(2);
        assertThat(run("sessions", "list", "--all").out().lines()).hasSize(3).last().asString().contains("It was stopped by alice");
        assertThat(run("sessions", "list", "--json").out()).isEqualTo(World.LIVE + "\n");
    }

    @Test
    void anAgentThatIsListedByItsVersionsIsAskedOnce() {
        server.on("GET /runtimes", 200, "{\"runtimes\":[" + World.RUNTIME.replace("hello", "hello-0123456789.v1") + "," + World.RUNTIME.replace("hello", "hello-0123456789.v12") + "]}");
        assertThat(run("sessions", "list", "--json").out()).isEqualTo(World.LIVE + "\n");
    }

    @Test
    void allOfAnAgentAreStopped() {
        assertThat(run("sessions", "stop", "hello", "--all").out()).startsWith(S + " has ended: It was stopped by alice. Its VM agrt-1 is gone");
        assertThat(run("sessions", "stop", "hello").code()).isEqualTo(2);
        assertThat(run("sessions", "stop", "hello", S, "--all").code()).isEqualTo(2);
    }

    @Test
    void anAgentWithoutSessionsHasNoLog() {
        assertThat(run("logs", "fixed")).returns(5, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("fixed has no session"));
    }

    @Test
    void argumentsOfACommandStayWhole() {
        assertThat(run("sessions", "exec", "hello", S, "--", "echo", "two words", "it's", "$HOME").code()).isEqualTo(1);
        assertThat(server.last().text()).isEqualTo("{\"command\":\"echo 'two words' 'it'\\\\''s' '$HOME'\",\"timeout\":300}");
        run("sessions", "exec", "hello", S, "ls | wc -l", "--timeout", "5");
        assertThat(server.last().text()).isEqualTo("{\"command\":\"ls | wc -l\",\"timeout\":5}");
    }

    @Test
    void aCommandWhoseTimeIsUpSaysSo() {
        server.on(COMMANDS, exchange -> World.events(exchange, "{\"contentStop\":{\"exitCode\":137,\"status\":\"TIMED_OUT\"}}"));
        assertThat(run("sessions", "exec", "hello", S, "sleep 9")).returns(137, Ran::code).returns("The command was killed after 300 s.\n", Ran::err);
    }

    @Test
    void aFileGoesInPieceByPieceAndIsThereInTheEnd() throws IOException {
        server.on(COMMANDS, exchange -> World.events(exchange, "{\"contentStop\":{\"exitCode\":0,\"status\":\"COMPLETED\"}}"));
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        Files.write(folder.resolve("a b.bin"), bytes);
        assertThat(run("sessions", "cp", "hello", "a b.bin", S + ":/tmp/").code()).isZero();
        assertThat(server.asked()).hasSize(6).extracting(ScriptedServer.Asked::text).allMatch(text -> text.length() < 65_536);
        String part = server.asked().get(1).text().replaceAll(".*: > ('/tmp/a b.bin.agentctl-[0-9a-f-]{36}')\".*", "$1");
        assertThat(part).startsWith("'/tmp/a b.bin.agentctl-");
        assertThat(server.last().text()).contains("\"test $(wc -c < " + part + ") -eq 100000 && mv " + part + " '/tmp/a b.bin'\"");
        StringBuilder sent = new StringBuilder();
        server.asked().subList(2, 5).forEach(asked -> sent.append(new String(Base64.getDecoder().decode(asked.text().replaceAll(".*printf %s ([^ ]+) .*", "$1")),
                StandardCharsets.ISO_8859_1)));
        assertThat(sent.toString().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(bytes);
    }

    @Test
    void aFileComesOutWholeOrNotAtAll() throws IOException {
        byte[] bytes = new byte[1000];
        new Random(2).nextBytes(bytes);
        String text = Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes).replace("\n", "\\n");
        server.on(COMMANDS, exchange -> World.events(exchange, "{\"contentDelta\":{\"stdout\":\"" + text.substring(0, 501) + "\"}}",
                "{\"contentDelta\":{\"stdout\":\"" + text.substring(501) + "\\n\"}}", "{\"contentStop\":{\"exitCode\":0,\"status\":\"COMPLETED\"}}"));
        assertThat(run("sessions", "cp", "hello", S + ":/tmp/a.bin", "here.bin").code()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("here.bin"))).isEqualTo(bytes);
        server.on(COMMANDS, exchange -> World.events(exchange, "{\"contentDelta\":{\"stderr\":\"base64: /x: No such file\"}}", "{\"contentStop\":{\"exitCode\":1,\"status\":\"COMPLETED\"}}"));
        assertThat(run("sessions", "cp", "hello", S + ":/x", ".")).returns(12, Ran::code).returns("agentctl: The VM could not do it: base64: /x: No such file\n", Ran::err);
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("here.bin");
        }
    }

    @Test
    void aSessionThatIsNotThereIsNotBegunByACommandAShellOrACopy() {
        server.on("GET /runtimes/hello/sessions/" + ENDED, 200, World.ENDED);
        for (String command : new String[] {"exec hello SESSION ls", "shell hello SESSION", "cp hello SESSION:/a b", "resume hello SESSION"}) {
            Ran mistyped = run(("sessions " + command.replace("SESSION", S.replace('1', '7'))).split(" "));
            assertThat(mistyped).as(command).returns(5, Ran::code).returns("", Ran::out);
            Ran ended = run(("sessions " + command.replace("SESSION", ENDED)).split(" "));
            assertThat(ended).as(command).returns(5, Ran::code);
            assertThat(ended.err()).isEqualTo("agentctl: Session " + ENDED + " of hello has ended: It was stopped by alice."
                    + " 'agentctl sessions list hello' shows those that live, 'agentctl invoke' begins one.\n");
        }
        assertThat(server.asked()).extracting(ScriptedServer.Asked::method).containsOnly("GET");
    }

    @Test
    void whoMayRunCommandsNeedNotBeAllowedToLook() {
        server.on("GET /runtimes/hello/sessions/" + S, 403, "{\"message\":\"no\"}");
        assertThat(run("sessions", "exec", "hello", S, "ls").out()).isEqualTo("hello.war\n");
    }

    @Test
    void asManyForksAreBegunAsAreAskedFor() {
        assertThat(run("sessions", "fork", "hello", S, "--count", "2").out()).isEqualTo(S.replace("01", "03") + " begins with the memory of " + S + "\n"
                + S.replace("01", "04") + " begins with the memory of " + S + "\n");
        assertThat(server.last().target()).endsWith("/fork?count=2");
        assertThat(run("sessions", "fork", "hello", S).code()).isZero();
        assertThat(server.last().target()).endsWith("/fork?count=1");
        server.on("POST /runtimes/hello/sessions/" + S + "/fork", 409, "{\"message\":\"It is at work\"}", "Retry-After", "2");
        assertThat(run("sessions", "fork", "hello", S)).returns(6, Ran::code).returns("agentctl: It is at work\n  Ask again in 2 s.\n", Ran::err);
    }

    @Test
    void aSessionThatIsAtWorkIsNotPutOnTheDiskAndItIsSaidWhenToAskAgain() {
        assertThat(run("sessions", "hibernate", "hello", S)).returns(0, Ran::code).returns(S + " is on the disk, and its VM agrt-1 is gone\n", Ran::out);
        assertThat(server.last()).returns("POST", ScriptedServer.Asked::method).returns("", ScriptedServer.Asked::text);
        server.on("POST /runtimes/hello/sessions/" + S + "/hibernate", 409, "{\"message\":\"It is at work\"}", "Retry-After", "1");
        assertThat(run("sessions", "hibernate", "hello", S)).returns(6, Ran::code).returns("agentctl: It is at work\n  Ask again in 1 s.\n", Ran::err);
        server.on("POST /runtimes/hello/sessions/" + S + "/hibernate", 500, "{\"message\":\"It was booted and not cloned\"}");
        assertThat(run("sessions", "hibernate", "hello", S)).returns(9, Ran::code).returns("", Ran::out)
                .satisfies(ran -> assertThat(ran.err()).startsWith("agentctl: It was booted and not cloned\n"));
    }

    @Test
    void aSessionWakesByACommandThatDoesNothing() {
        assertThat(run("sessions", "resume", "hello", S)).returns(0, Ran::code).returns(S + " is awake, in its VM agrt-1\n", Ran::out);
        assertThat(server.asked()).extracting(ScriptedServer.Asked::text).contains("{\"command\":\":\",\"timeout\":60}");
        server.on(COMMANDS, 403, "{\"message\":\"Commands are for administrators\"}");
        assertThat(run("sessions", "resume", "hello", S)).returns(4, Ran::code).satisfies(ran -> assertThat(ran.err()).startsWith("agentctl: Commands are"));
    }

    @Test
    void oneEndOfACopyIsASession() {
        assertThat(run("sessions", "cp", "hello", "a", "b").code()).isEqualTo(2);
        assertThat(run("sessions", "cp", "hello", S + ":/a", S + ":/b").code()).isEqualTo(2);
        assertThat(run("sessions", "cp", "hello", "none", S + ":/b").err()).isEqualTo("agentctl: There is no file none.\n");
    }

    @Test
    void aShellTakesWhatIsPipedInAndEndsWithItsCode() throws Exception {
        try (ShellServer shells = new ShellServer(World.LIVE)) {
            CompletableFuture<Ran> running = CompletableFuture.supplyAsync(() -> new Ran.In(folder).server(shells.endpoint()).with("AGENTCTL_TOKEN", "T")
                    .input("ls\n").run("sessions", "shell", "hello", S, "--id", "mine"));
            assertThat(shells.head()).contains("shellId=mine");
            shells.send(3, "{\"metadata\":{\"shellId\":\"mine\",\"reconnected\":true,\"bytesDropped\":7},\"status\":\"Success\"}");
            assertThat(shells.received()).isEqualTo(new byte[] {(byte) 0x82, 0, 'l', 's', '\n'});
            assertThat(shells.received()).as("Ctrl-D").isEqualTo(new byte[] {(byte) 0x82, 0, 4});
            shells.send(1, "hello.war\r\n");
            shells.send(3, "{\"metadata\":{},\"status\":\"Failure\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}]}}");
            Ran ran = running.get(60, TimeUnit.SECONDS);
            assertThat(ran).returns(3, Ran::code).returns("hello.war\r\n", Ran::out).returns("(7 bytes that the shell said meanwhile are lost)\n", Ran::err);
        }
    }

    @Test
    void aShellWhoseConnectionBreaksOffMayStillBeThere() throws Exception {
        try (ShellServer shells = new ShellServer(World.LIVE)) {
            CompletableFuture<Ran> running = CompletableFuture.supplyAsync(() -> new Ran.In(folder).server(shells.endpoint()).with("AGENTCTL_TOKEN", "T")
                    .run("sessions", "shell", "hello", S));
            shells.send(3, "{\"metadata\":{\"shellId\":\"made\",\"reconnected\":false},\"status\":\"Success\"}");
            assertThat(shells.received()).as("Ctrl-D").isEqualTo(new byte[] {(byte) 0x82, 0, 4});
            shells.cut();
            Ran ran = running.get(60, TimeUnit.SECONDS);
            assertThat(ran).returns(10, Ran::code);
            assertThat(ran.err()).contains("agentctl sessions shell hello " + S + " --id made");
        }
    }

    @Test
    void aConnectionThatBreaksOffBeforeTheShellIsThereNamesNoShell() throws Exception {
        try (ShellServer shells = new ShellServer(World.LIVE)) {
            CompletableFuture<Ran> running = CompletableFuture.supplyAsync(() -> new Ran.In(folder).server(shells.endpoint()).with("AGENTCTL_TOKEN", "T")
                    .run("sessions", "shell", "hello", S));
            assertThat(shells.received()).as("Ctrl-D").isEqualTo(new byte[] {(byte) 0x82, 0, 4});
            shells.cut();
            assertThat(running.get(60, TimeUnit.SECONDS)).returns(10, Ran::code).satisfies(ran -> assertThat(ran.err()).doesNotContain("--id"));
        }
    }

    @Test
    void aShellThatIsRefusedSaysWhy() {
        for (String[] refusal : new String[][] {{"401", "4"}, {"404", "5"}, {"429", "7"}}) {
            server.on("GET /runtimes/hello/ws/shells", Integer.parseInt(refusal[0]), "{\"message\":\"why\"}");
            assertThat(run("sessions", "shell", "hello", S)).as(Arrays.toString(refusal)).returns(Integer.parseInt(refusal[1]), Ran::code)
                    .satisfies(ran -> assertThat(ran.err()).startsWith("agentctl: why\n"));
        }
    }

    @Test
    void aCopyThatFailsLeavesNoPart() throws IOException {
        Files.write(folder.resolve("a.bin"), new byte[100_000]);
        AtomicInteger commands = new AtomicInteger();
        server.on(COMMANDS, exchange -> World.events(exchange, commands.incrementAndGet() == 3
                ? "{\"contentDelta\":{\"stderr\":\"sh: write error: No space left on device\"}}" : "{\"contentStart\":{}}",
                "{\"contentStop\":{\"exitCode\":" + (commands.get() == 3 ? 1 : 0) + ",\"status\":\"COMPLETED\"}}"));
        assertThat(run("sessions", "cp", "hello", "a.bin", S + ":/tmp/a.bin")).returns(12, Ran::code)
                .returns("agentctl: The VM could not do it: sh: write error: No space left on device\n", Ran::err);
        assertThat(server.last().text()).contains("\"rm -f /tmp/a.bin.agentctl-");
        assertThat(server.asked()).noneMatch(asked -> asked.text().contains("mv "));
    }

    /** A session that ends while something is done in it is begun anew by the next command, without what it held. */
    @Test
    void whatIsDoneInASessionIsNotGoneOnWithInAnother() throws IOException {
        Files.write(folder.resolve("a.bin"), new byte[100_000]);
        AtomicInteger commands = new AtomicInteger();
        server.on(COMMANDS, exchange -> {
            exchange.getResponseHeaders().set("X-Agent-Runtime-Session", commands.incrementAndGet() < 3 ? "continued" : "renewed");
            World.events(exchange, "{\"contentStop\":{\"exitCode\":0,\"status\":\"COMPLETED\"}}");
        });
        assertThat(run("sessions", "cp", "hello", "a.bin", S + ":/tmp/a.bin")).returns(5, Ran::code)
                .satisfies(ran -> assertThat(ran.err()).contains("was not there any more, and the server has begun it anew", "agentctl sessions stop hello " + S));
        assertThat(server.asked()).noneMatch(asked -> asked.text().contains("mv "));
        for (String command : new String[] {"exec hello SESSION ls", "resume hello SESSION", "cp hello SESSION:/a b"}) {
            assertThat(run(("sessions " + command.replace("SESSION", S)).split(" "))).as(command).returns(5, Ran::code).returns("", Ran::out);
        }
    }

    @Test
    void aFolderThatIsNotThereIsNamedBeforeAnythingIsCopied() {
        assertThat(run("sessions", "cp", "hello", S + ":/a", "none/a")).returns(2, Ran::code)
                .returns("agentctl: There is no folder " + folder.resolve("none").toAbsolutePath() + ".\n", Ran::err);
    }

    @Test
    void theOthersAreStoppedWhereOneCannotBe() {
        String other = S.replace('1', '2');
        server.on("GET /runtimes/hello/sessions", 200, "{\"sessions\":[" + World.LIVE.replace(S, other) + "," + World.LIVE + "]}")
                .on("DELETE /runtimes/hello/sessions/" + other, 500, "{\"message\":\"Something of the VM is left\"}");
        Ran ran = run("sessions", "stop", "hello", "--all");
        assertThat(ran).returns(9, Ran::code).satisfies(it -> assertThat(it.out()).startsWith(S + " has ended"));
        assertThat(ran.err()).startsWith("Session " + other + " was not ended: Something of the VM is left\nagentctl: Something of the VM is left\n");
    }

    @Test
    void anAgentThatIsDeletedWhileAllAreAskedHasNoSessions() {
        server.on("GET /runtimes", 200, "{\"runtimes\":[" + World.RUNTIME.replace("hello", "gone") + "," + World.RUNTIME + "]}");
        assertThat(run("sessions", "list", "--json")).returns(0, Ran::code).returns(World.LIVE + "\n", Ran::out);
        assertThat(run("sessions", "list", "gone").code()).isEqualTo(5);
    }

    @Test
    void aCommandHasATime() {
        for (String timeout : new String[] {"0", "-1", "3601"}) {
            assertThat(run("sessions", "exec", "hello", S, "ls", "--timeout", timeout)).as(timeout).returns(2, Ran::code);
        }
        assertThat(server.asked()).isEmpty();
    }

    @Timeout(60)
    @Test
    void aCommandThatNobodyReadsIsEnded() {
        server.on(COMMANDS, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(World.chunk("{\"contentDelta\":{\"stdout\":\"y\\n\"}}"));
            }
        });
        assertThat(new Ran.In(folder).server(server.endpoint()).unread().run("sessions", "exec", "hello", S, "yes")).returns(1, Ran::code)
                .returns("agentctl: Nobody reads the output any more; the command is ended.\n", Ran::err);
    }

    @Test
    void theLastLineOfWhatIsPipedInIsTypedToItsEnd() throws Exception {
        try (ShellServer shells = new ShellServer(World.LIVE)) {
            CompletableFuture<Ran> running = CompletableFuture.supplyAsync(() -> new Ran.In(folder).server(shells.endpoint()).with("AGENTCTL_TOKEN", "T")
                    .input("exit 3").run("sessions", "shell", "hello", S));
            assertThat(shells.received()).isEqualTo(new byte[] {(byte) 0x82, 0, 'e', 'x', 'i', 't', ' ', '3'});
            assertThat(shells.received()).as("behind part of a line Ctrl-D ends nothing").isEqualTo(new byte[] {(byte) 0x82, 0, '\n'});
            assertThat(shells.received()).as("Ctrl-D").isEqualTo(new byte[] {(byte) 0x82, 0, 4});
            shells.send(3, "{\"metadata\":{},\"status\":\"Success\"}");
            assertThat(running.get(60, TimeUnit.SECONDS).code()).isZero();
        }
    }
}
