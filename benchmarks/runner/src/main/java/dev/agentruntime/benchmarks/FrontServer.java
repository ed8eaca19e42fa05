package dev.agentruntime.benchmarks;

import dev.agentruntime.benchmarks.wire.RawHttp;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The product in an Open Liberty of its own over a hypervisor in memory, which is in the same JVM: what an invocation costs before and
 * after its VM. With an application at {@code /guarded} that the same tokens open. For one thread; calls may come from many.
 */
final class FrontServer implements AutoCloseable {

    static final int PORT = 28081;
    /** Kinds of threads that are not the product's, as {@link ThreadTimes} names them: those of the VMs in memory. */
    static final Predicate<String> GUESTS = kind -> kind.startsWith("fake-guest");
    private static final Predicate<String> COMPILERS = kind -> kind.startsWith("C1 Compiler") || kind.startsWith("C2 Compiler");
    /** All but those and the JVM's compilers. */
    static final Predicate<String> OWN = GUESTS.or(COMPILERS).negate();
    private static final String NAME = "front";
    private static final int MOST_SESSIONS = 2_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final int MOST_TRIES = 60;
    private static final Pattern IN_USE = Pattern.compile("used (\\d+)K");
    private static final Pattern READY = Pattern.compile("AGRT\\d{4}I: .*\\bhello\\b.*\\bready\\b");
    private static final byte[] QUESTION = "{\"prompt\": \"Ada\"}".getBytes(StandardCharsets.UTF_8);

    private final Options options;
    private final Path wlp;
    private final Path user;
    private final Path home;
    private final String caller;

    FrontServer(Options options) throws IOException {
        this.options = options;
        wlp = options.repository().resolve("server-config/target/wlp");
        user = options.work().resolve("front/usr");
        home = user.resolve("servers").resolve(NAME);
        caller = Files.readString(options.work().resolve("alice.token")).strip();
    }

    /** Makes its folders anew; one that an interrupted run has left is stopped. */
    void install() throws IOException {
        if (Files.exists(home)) {
            close();
        }
        remove(user);
        Path feature = wlp.resolve("usr/extension");
        Path lib = Files.createDirectories(user.resolve("extension/lib"));
        Files.createSymbolicLink(user.resolve("extension/agent"), feature.resolve("agent"));
        try (Stream<Path> bundles = Files.list(feature.resolve("lib"))) {
            for (Path bundle : bundles.filter(one -> !one.getFileName().toString().startsWith(HypervisorBundle.SYMBOLIC_NAME + "_")).toList()) {
                Files.createSymbolicLink(lib.resolve(bundle.getFileName()), bundle);
            }
        }
        HypervisorBundle.into(lib);
        Files.createDirectories(home.resolve("agents"));
        Files.createDirectories(home.resolve("apps"));
        Path bench = options.repository().resolve("benchmarks/agent/target/bench.war");
        Files.copy(bench, home.resolve("agents/hello.war"), StandardCopyOption.REPLACE_EXISTING);
        GuardedWar.of(bench, home.resolve("apps/guarded.war"));
        Files.copy(options.repository().resolve("server-config/src/main/liberty/config/jvm.options"), home.resolve("jvm.options"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(home.resolve("server.xml"), configuration());
    }

    private String configuration() {
        return """
                <server>
                    <featureManager>
                        <feature>usr:agentRuntime-1.0</feature>
                        <feature>servlet-6.0</feature>
                    </featureManager>
                    <httpEndpoint id="defaultHttpEndpoint" host="localhost" httpPort="%d" httpsPort="-1"/>
                    <keyStore id="defaultKeyStore" password="only-for-benchmarks"/>
                    <variable name="mp.jwt.verify.issuer" value="%s"/>
                    <variable name="mp.jwt.verify.audiences" value="%s"/>
                    <variable name="mp.jwt.verify.publickey.location" value="file://%s/tokens.pem"/>
                    <agentRuntime onStop="end" maxSessions="%d" maxSessionsPerSubject="%d">
                        <agent name="hello" location="hello.war" poolMin="0" poolMax="0"/>
                    </agentRuntime>
                    <webApplication location="guarded.war" contextRoot="/guarded"/>
                    <logging consoleFormat="simple"/>
                </server>
                """.formatted(PORT, Server.ISSUER, Server.AUDIENCE, options.work(), MOST_SESSIONS, MOST_SESSIONS);
    }

    /**
     * Starts it and waits until it is ready; nothing has been asked of it then but its health.
     *
     * @return nanoseconds from the command on
     */
    long start() throws IOException {
        Files.deleteIfExists(log());
        long begun = System.nanoTime();
        command("start");
        while (!healthy() || !isLogged(READY)) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new BenchmarkException("The server over the hypervisor in memory is not ready; see " + log());
            }
            Pause.of(LOOK);
        }
        return System.nanoTime() - begun;
    }

    private boolean isLogged(Pattern line) throws IOException {
        return Files.exists(log()) && Files.readAllLines(log()).stream().anyMatch(text -> line.matcher(text).find());
    }

    private static boolean healthy() {
        try {
            HttpURLConnection asked = (HttpURLConnection) URI.create("http://localhost:" + PORT + "/health/ready").toURL().openConnection();
            return asked.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    private Path log() {
        return home.resolve("logs/messages.log");
    }

    RawHttp connect() throws IOException {
        return new RawHttp("localhost", PORT, PATIENCE);
    }

    /** Nanoseconds of one small invocation. */
    long invoke(RawHttp http, String session) throws IOException {
        return answered(asked(http, session));
    }

    /** The same of one that begins a session; on a machine that is short of everything the server may say that it is to be asked again. */
    long begin(RawHttp http, String session) throws IOException {
        long begun = System.nanoTime();
        RawHttp.Whole answer = asked(http, session);
        for (int i = 0; i < MOST_TRIES && answer.status() == HttpURLConnection.HTTP_CONFLICT; i++) {
            Pause.of(AGAIN);
            answer = asked(http, session);
        }
        answered(answer);
        return System.nanoTime() - begun;
    }

    private RawHttp.Whole asked(RawHttp http, String session) throws IOException {
        return http.post("/agents/runtimes/hello/invocations",
                Map.of("Authorization", "Bearer " + caller, Api.SESSION, session, "Content-Type", "application/json"), QUESTION);
    }

    /** Nanoseconds of the same request to the application that the same token opens. */
    long guarded(RawHttp http) throws IOException {
        return answered(http.post("/guarded/invocations", Map.of("Authorization", "Bearer " + caller, "Content-Type", "application/json"), QUESTION));
    }

    private static long answered(RawHttp.Whole answer) throws IOException {
        if (answer.status() != 200) {
            throw new IOException("Status " + answer.status() + " instead of 200: " + answer.text());
        }
        return answer.totalNanos();
    }

    ThreadTimes threads() throws IOException {
        return ThreadTimes.of(pid());
    }

    /** Bytes of its heap in use once the garbage is gone. */
    long heap() throws IOException {
        for (int i = 0; i < 3; i++) {
            jcmd("GC.run");
        }
        Matcher used = IN_USE.matcher(jcmd("GC.heap_info"));
        if (!used.find()) {
            throw new IOException("jcmd GC.heap_info does not say what is used");
        }
        return Long.parseLong(used.group(1)) * 1024;
    }

    private long pid() throws IOException {
        return Long.parseLong(Files.readString(user.resolve("servers/.pid").resolve(NAME + ".pid")).strip());
    }

    private String jcmd(String order) throws IOException {
        Path output = options.work().resolve("front/jcmd.log");
        run(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid()), order)
                .redirectErrorStream(true).redirectOutput(output.toFile()));
        return Files.readString(output);
    }

    /** May be called when it does not run. */
    @Override
    public void close() {
        command("stop", "--timeout=60s");
    }

    private void command(String action, String... options) {
        ProcessBuilder builder = new ProcessBuilder(wlp.resolve("bin/server").toString(), action, NAME);
        builder.command().addAll(List.of(options));
        builder.environment().put("WLP_USER_DIR", user.toString());
        int status = run(builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(this.options.work().resolve("commands.log").toFile())));
        if (status != 0 && action.equals("start")) {
            throw new BenchmarkException("The server over the hypervisor in memory did not start; see " + log());
        }
    }

    private static int run(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchmarkException(builder.command() + " did not end within " + PATIENCE);
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new BenchmarkException(builder.command() + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("Interrupted during " + builder.command(), e);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.delete(file);
                }
            }
        }
    }
}
