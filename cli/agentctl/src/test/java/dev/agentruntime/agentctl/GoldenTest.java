package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import dev.agentruntime.client.ShellServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What each command says, word for word: its help, success, a wrong token, a server that is not there, an unknown name, and a server that
 * is killed in the middle of an answer. The words are in {@code src/test/resources/golden}; {@code -Dgolden.write=true} writes them anew.
 */
class GoldenTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String S = World.SESSION;

    /** Each command with arguments that succeed. */
    private static final Map<String, String> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("deploy", "hello.war --wait --endpoint beta --env A=c");
        COMMANDS.put("invoke", "hello {\"prompt\":\"Ada\"} --stream");
        COMMANDS.put("status", "hello");
        COMMANDS.put("versions", "hello");
        COMMANDS.put("endpoints list", "hello");
        COMMANDS.put("endpoints set", "hello beta 2 --wait");
        COMMANDS.put("endpoints delete", "hello beta");
        COMMANDS.put("rollback", "hello");
        COMMANDS.put("sessions list", "hello");
        COMMANDS.put("sessions show", "hello " + S);
        COMMANDS.put("sessions stop", "hello " + S);
        COMMANDS.put("sessions usage", "hello " + S);
        COMMANDS.put("sessions logs", "hello " + S + " -f");
        COMMANDS.put("sessions exec", "hello " + S + " -- ls /app x");
        COMMANDS.put("sessions shell", "hello " + S + " --id mine");
        COMMANDS.put("sessions cp", "hello " + S + ":/app/hello.txt here.txt");
        COMMANDS.put("sessions fork", "hello " + S + " --count 2");
        COMMANDS.put("sessions hibernate", "hello " + S);
        COMMANDS.put("sessions resume", "hello " + S);
        COMMANDS.put("logs", "hello");
        COMMANDS.put("usage", "hello --csv");
        COMMANDS.put("destroy", "hello --yes");
        COMMANDS.put("login", "--token-file token.txt");
        COMMANDS.put("doctor", "--no-host");
    }

    /** Those about what a server has with a feature only, with arguments that succeed. */
    private static final Map<String, String> ROOMS = new LinkedHashMap<>();

    static {
        ROOMS.put("identity workloads list", "");
        ROOMS.put("identity workloads show", "orders");
        ROOMS.put("identity workloads create", "orders --return-url https://orders.example.com/back");
        ROOMS.put("identity workloads update", "orders --return-url https://orders.example.com/back");
        ROOMS.put("identity workloads delete", "orders --yes");
        ROOMS.put("identity providers list", "");
        ROOMS.put("identity providers show", "github");
        ROOMS.put("identity providers create-api-key", "openai --secret-file token.txt --workload orders");
        ROOMS.put("identity providers create-oauth2", "github --vendor github --client-id Iv1.0123 --secret-file token.txt");
        ROOMS.put("identity providers update-api-key", "openai --secret-file token.txt --all-workloads");
        ROOMS.put("identity providers update-oauth2", "github --vendor github --client-id Iv1.0123 --secret-file token.txt");
        ROOMS.put("identity providers delete", "openai --yes");
        ROOMS.put("identity grants list", "--provider github");
        ROOMS.put("identity grants revoke", "9f86d081");
        ROOMS.put("memory list", "");
        ROOMS.put("memory show", "desk");
        ROOMS.put("memory create", "desk --event-expiry 90 --strategy semantic");
        ROOMS.put("memory update", "desk --event-expiry 90 --remove-strategy semantic");
        ROOMS.put("memory delete", "desk --yes");
        ROOMS.put("memory actors list", "desk");
        ROOMS.put("memory actors delete", "desk team/alice --yes");
        ROOMS.put("memory sessions list", "desk --actor alice");
        ROOMS.put("memory events list", "desk-aB3dE6gH9k --actor alice --session s1");
        ROOMS.put("memory records list", "desk --path /actors/alice");
        ROOMS.put("memory records search", "desk late");
        ROOMS.put("memory records delete", "desk mem-0123456789012345678901234567890123456789 --yes");
    }

    /** Those that work in the VM of a session, which they look for first. */
    private static final Set<String> AT_WORK = Set.of("sessions exec", "sessions shell", "sessions cp", "sessions resume");

    /** Arguments that are wrong, of those that ask no server, and of some that do. */
    private static final Map<String, String> LOCAL = new LinkedHashMap<>();

    static {
        LOCAL.put("create", "My_Agent");
        LOCAL.put("dev", "");
        LOCAL.put("validate", "none.war");
        LOCAL.put("import", "none.json");
        LOCAL.put("logout", "--no-such");
        LOCAL.put("completion", "--no-such");
        LOCAL.put("sessions shell", "hello");
        LOCAL.put("sessions cp", "here there");
    }

    /** Those of them that have something to say when all is well; {@code CreateTest}, {@code DevTest} and others look at what they have done. */
    private static final Map<String, String> RIGHT = Map.of("create", "my-agent", "validate", "sound.war", "import", "agentcore.json", "logout", "");

    private static final Set<String> ABSENT = Set.of("budget");

    @TempDir
    private Path folder;

    static Stream<Arguments> cases() {
        List<String> whats = List.of("help", "success", "json", "wrong-token", "unreachable", "unknown", "killed");
        return Stream.concat(COMMANDS.keySet().stream().flatMap(command -> whats.stream().map(what -> Arguments.of(command, what))),
                ROOMS.keySet().stream().flatMap(command -> Stream.concat(whats.stream(), Stream.of("absent")).map(what -> Arguments.of(command, what))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void everyCommandSaysWhatItSaid(String command, String what) throws IOException {
        Files.writeString(folder.resolve("token.txt"), "T\n");
        Files.writeString(folder.resolve("hello.war"), "PK");
        try (ScriptedServer server = server(command, what); ShellServer shells = new ShellServer(World.LIVE)) {
            boolean terminal = command.equals("sessions shell") && List.of("success", "json", "killed").contains(what);
            if (terminal) {
                shells.play(what.equals("killed"));
            }
            URI endpoint = terminal ? shells.endpoint() : server.endpoint();
            if (what.equals("unreachable")) {
                server.close();
            }
            Ran.In in = new Ran.In(folder).server(endpoint).clock(command.equals("doctor") ? Clock.systemUTC() : Clock.fixed(
                    java.time.Instant.parse("2026-11-26T07:20:00Z"), java.time.ZoneOffset.UTC));
            Ran ran = (command.equals("login") ? in : in.with("AGENTCTL_TOKEN", "T")).run(arguments(command, what));
            compare(command, what, String.join(" ", arguments(command, what)), ran, endpoint);
        }
    }

    static Stream<Arguments> localCases() {
        return LOCAL.keySet().stream().flatMap(command -> Stream.of("help", "wrong").map(what -> Arguments.of(command, what)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("localCases")
    void whatIsWrongBeforeAnyServerIsAskedIsSaidAsBefore(String command, String what) throws IOException {
        String line = (command + " " + (what.equals("help") ? "--help" : LOCAL.get(command))).strip();
        try (ScriptedServer server = new ScriptedServer()) {
            Ran ran = new Ran.In(folder).server(server.endpoint()).with("AGENTCTL_TOKEN", "T").run(line.split(" "));
            assertThat(ran.code()).isEqualTo(what.equals("help") ? 0 : ExitCode.USAGE.code());
            assertThat(server.asked()).isEmpty();
            compare(command, what, line, ran, server.endpoint());
        }
    }

    static Stream<Arguments> rightCases() {
        return RIGHT.keySet().stream().sorted().flatMap(command -> Stream.of("success", "json").map(what -> Arguments.of(command, what)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rightCases")
    void whatIsDoneWithoutAServerIsSaidAsBefore(String command, String what) throws IOException {
        Files.writeString(folder.resolve("agentcore.json"), "{\"name\": \"shop\", \"version\": 1, \"runtimes\": [{\"name\": \"support\", \"envVars\": [{\"name\": \"A\", \"value\": \"b\"}]}]}");
        soundWar(folder.resolve("sound.war"));
        String line = (command + (what.equals("json") ? " --json " : " ") + RIGHT.get(command)).strip();
        try (ScriptedServer server = new ScriptedServer()) {
            Ran ran = new Ran.In(folder).server(server.endpoint()).run(line.split(" "));
            assertThat(ran.code()).isZero();
            assertThat(server.asked()).isEmpty();
            compare(command, what, line, ran, server.endpoint());
        }
    }

    private static void soundWar(Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(0);
            zip.putNextEntry(new ZipEntry("WEB-INF/classes/com/acme/Hello.class"));
            zip.write("Ldev/agentruntime/sdk/AgentEntrypoint;".getBytes(StandardCharsets.US_ASCII));
            zip.putNextEntry(new ZipEntry("WEB-INF/lib/agent-sdk-0.1.0.jar"));
        }
    }

    static Stream<Arguments> absentCases() {
        return ABSENT.stream().sorted().flatMap(command -> Stream.of("help", "absent").map(what -> Arguments.of(command, what)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("absentCases")
    void whatTheServerDoesNotHaveIsSaidAsBefore(String command, String what) throws IOException {
        String line = command + (what.equals("help") ? " --help" : " any thing");
        try (ScriptedServer server = new ScriptedServer()) {
            Ran ran = new Ran.In(folder).server(server.endpoint()).run(line.split(" "));
            assertThat(ran.code()).isEqualTo(what.equals("help") ? 0 : ExitCode.ABSENT.code());
            assertThat(server.asked()).isEmpty();
            compare(command, what, line, ran, server.endpoint());
        }
    }

    private static ScriptedServer server(String command, String what) {
        if (ROOMS.containsKey(command) && List.of("help", "success", "json", "unreachable", "unknown", "absent").contains(what)) {
            boolean memory = command.startsWith("memory");
            return switch (what) {
                case "absent" -> World.without();
                case "unknown" -> memory ? MemoryWorld.empty() : IdentityWorld.empty();
                default -> memory ? MemoryWorld.up() : IdentityWorld.up();
            };
        }
        return switch (what) {
            case "wrong-token" -> World.answering(401, "UnauthorizedException", "The token is not valid");
            case "unknown" -> new ScriptedServer().on("POST /runtimes/", 200, "{\"agentRuntimes\":[]}");
            case "killed" -> AT_WORK.contains(command) ? World.killedAtWork() : World.killed();
            default -> World.up();
        };
    }

    private static String[] arguments(String command, String what) {
        String line = command + " " + (what.equals("help") ? "--help" : (what.equals("json") ? "--json " : "") + COMMANDS.getOrDefault(command, ROOMS.get(command)));
        return line.strip().split(" ");
    }

    private void compare(String command, String what, String line, Ran ran, URI endpoint) throws IOException {
        String said = ("$ agentctl " + line + "\nexit code " + ran.code() + "\n--- output\n" + ran.out() + "--- errors\n" + ran.err())
                .replace(endpoint.toString(), "http://HOST/agents").replace("localhost:" + endpoint.getPort(), "HOST").replace(folder.toString(), "FOLDER");
        Path golden = GOLDEN.resolve(command.replace(' ', '-')).resolve(what + ".txt");
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, said);
        }
        assertThat(golden).as("written by -Dgolden.write=true").exists();
        assertThat(said).isEqualTo(Files.readString(golden));
    }

    @Test
    void everyCommandIsHere() {
        List<String> here = Stream.of(COMMANDS.keySet(), ROOMS.keySet(), LOCAL.keySet(), ABSENT).flatMap(Set::stream).toList();
        assertThat(here).containsAll(names(Agentctl.commandLine(Surroundings.ofProcess()), "").filter(name -> !name.matches("(.* )?help")).toList());
    }

    private static Stream<String> names(CommandLine line, String before) {
        return line.getSubcommands().entrySet().stream().flatMap(entry -> entry.getValue().getSubcommands().isEmpty()
                ? Stream.of(before + entry.getKey()) : names(entry.getValue(), before + entry.getKey() + " "));
    }

    @Test
    void everyExitCodeIsItsOwn() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code)).doesNotHaveDuplicates();
    }
}
