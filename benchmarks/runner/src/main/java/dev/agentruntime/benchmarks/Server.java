package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Open Liberty of the benchmark's own, in a user directory of its own, with the agents {@code hello} and {@code bench} and
 * with the latter's WAR as an ordinary application at {@code /plain}. For one thread.
 */
final class Server implements AutoCloseable {

    static final List<String> AGENTS = List.of("hello", "bench");
    static final int PORT = 28080;
    static final int TLS_PORT = 28443;
    static final String ISSUER = "http://localhost/benchmark";
    static final String AUDIENCE = "agent-runtime";
    private static final String NAME = "benchmark";
    private static final String JVM_OPTIONS = "server-config/src/main/liberty/config/jvm.options";
    private static final Pattern POOL_MIN = Pattern.compile("poolMin=\"(\\d+)\"");
    private static final String BENCH_POOL = "poolMin=\"4\" ";

    private final Options options;
    private final Path wlp;
    private final Path home;
    private Optional<Path> state = Optional.empty();

    Server(Options options) {
        this.options = options;
        this.wlp = options.repository().resolve("server-config/target/wlp");
        this.home = options.work().resolve("usr/servers").resolve(NAME);
    }

    /** @param stateDirectory where templates are kept; the product's default when absent */
    void start(Optional<Path> stateDirectory) {
        state = stateDirectory;
        try {
            Files.createDirectories(home.resolve("agents"));
            Files.createDirectories(home.resolve("apps"));
            copy("examples/hello/target/hello.war", home.resolve("agents/hello.war"));
            copy("benchmarks/agent/target/bench.war", home.resolve("agents/bench.war"));
            copy("benchmarks/agent/target/bench.war", home.resolve("apps/bench.war"));
            copy(JVM_OPTIONS, home.resolve("jvm.options"));
            Files.deleteIfExists(log());
            Files.writeString(home.resolve("server.xml"), configuration(attributes("hello"), attributes("bench")));
        } catch (IOException e) {
            throw new BenchmarkException("The server in " + home + " could not be set up: " + e.getMessage(), e);
        }
        command("start", NAME, "--clean");
    }

    /** Starts it once more as it was started last, with the WARs that are there now. */
    void startAgain() {
        try {
            Files.deleteIfExists(log());
        } catch (IOException e) {
            throw new BenchmarkException("The server's log cannot be begun anew: " + e.getMessage(), e);
        }
        command("start", NAME);
    }

    /**
     * Starts it once more for one measurement, with the templates that are there.
     *
     * @param jvmOption  one more; empty for none
     * @param attributes of the agent {@code hello}; the other one has no pool
     */
    void startWith(String jvmOption, String attributes) {
        try {
            Files.deleteIfExists(log());
            copy(JVM_OPTIONS, home.resolve("jvm.options"));
            Files.writeString(home.resolve("jvm.options"), "\n" + jvmOption + "\n", StandardOpenOption.APPEND);
            Files.writeString(home.resolve("server.xml"), configuration(attributes, "poolMax=\"0\""));
        } catch (IOException e) {
            throw new BenchmarkException("The server in " + home + " could not be set up: " + e.getMessage(), e);
        }
        command("start", NAME);
    }

    /** How many VMs of an agent wait at least, the product's default where nothing else was asked for. */
    int poolMin(String agent) {
        String attributes = attributes(agent);
        return attributes.contains("poolMax=\"0\"") ? 0
                : Integer.parseInt(POOL_MIN.matcher(attributes).results().map(asked -> asked.group(1)).findFirst().orElse("1"));
    }

    /** The benchmark agent's pool is larger than the default, so that more than one VM can be found waiting. */
    private String attributes(String agent) {
        boolean ownPool = agent.equals("bench") && !options.attributes().contains("pool");
        return (ownPool ? BENCH_POOL : "") + options.attributes();
    }

    private String configuration(String hello, String bench) {
        return """
                <server>
                    <featureManager>
                        <feature>usr:agentRuntime-1.0</feature>
                        <feature>servlet-6.0</feature>
                    </featureManager>
                    <httpEndpoint id="defaultHttpEndpoint" host="localhost" httpPort="%d" httpsPort="%d"/>
                    <keyStore id="defaultKeyStore" password="only-for-benchmarks"/>
                    <variable name="mp.jwt.verify.issuer" value="%s"/>
                    <variable name="mp.jwt.verify.audiences" value="%s"/>
                    <variable name="mp.jwt.verify.publickey.location" value="file://%s/tokens.pem"/>
                    <mpMetrics authentication="false"/>
                    <agentRuntime onStop="end"%s>
                        <agent name="hello" location="hello.war" %s/>
                        <agent name="bench" location="bench.war" %s>
                            <outbound name="host" url="http://localhost:%d"/>
                        </agent>
                    </agentRuntime>
                    <webApplication location="bench.war" contextRoot="/plain"/>
                    <logging consoleFormat="simple"/>
                </server>
                """.formatted(PORT, TLS_PORT, ISSUER, AUDIENCE, options.work(),
                state.map(" stateDirectory=\"%s\""::formatted).orElse(""), hello, bench, PORT);
    }

    private void copy(String source, Path target) throws IOException {
        Files.copy(options.repository().resolve(source), target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Adds a file of settings that count more than the others, until {@link #forget}. */
    void override(String settings) {
        try {
            Files.createDirectories(overrides().getParent());
            Files.writeString(overrides(), settings);
        } catch (IOException e) {
            throw new BenchmarkException("The server's settings cannot be written: " + e.getMessage(), e);
        }
    }

    /** Takes the file of {@link #override} away. */
    void forget() throws IOException {
        Files.deleteIfExists(overrides());
    }

    private Path overrides() {
        return home.resolve("configDropins/overrides/benchmark.xml");
    }

    /** A file of the repository that is tested. */
    Path built(String path) {
        return options.repository().resolve(path);
    }

    /** A folder for scratch files. */
    Path scratch() {
        return options.work();
    }

    /** Where the WAR of an agent lies. */
    Path agent(String name) {
        return home.resolve("agents").resolve(name + ".war");
    }

    Path log() {
        return home.resolve("logs/messages.log");
    }

    /** Where the logs of sessions are. */
    Path logs() {
        return home.resolve("agent-runtime/logs");
    }

    /** The first group of the last line of the log that has the pattern in it. */
    Optional<String> logged(Pattern pattern) {
        try {
            return Files.exists(log())
                    ? Files.readAllLines(log()).stream().map(pattern::matcher).filter(Matcher::find)
                            .map(match -> match.group(1)).reduce((first, last) -> last)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The server's log cannot be read", e);
        }
    }

    /** Has the server's JVM collect its garbage. */
    void collectGarbage() {
        try {
            String pid = Files.readString(options.work().resolve("usr/servers/.pid").resolve(NAME + ".pid")).strip();
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            run(new ProcessBuilder(jcmd.toString(), pid, "GC.run"), Duration.ofSeconds(30));
        } catch (IOException e) {
            throw new BenchmarkException("The server's process is not known: " + e.getMessage(), e);
        }
    }

    /** Ends it, and with it every VM of its sessions. May be called when it does not run. */
    @Override
    public void close() {
        command("stop", NAME, "--timeout=90s");
    }

    private void command(String... words) {
        ProcessBuilder builder = new ProcessBuilder(wlp.resolve("bin/server").toString());
        builder.command().addAll(List.of(words));
        builder.environment().put("WLP_USER_DIR", options.work().resolve("usr").toString());
        run(builder, Duration.ofMinutes(4));
    }

    private void run(ProcessBuilder builder, Duration patience) {
        try {
            Path output = options.work().resolve("commands.log");
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchmarkException(builder.command() + " did not end within " + patience + "; see " + output);
            }
            if (process.exitValue() != 0 && builder.command().contains("start")) {
                throw new BenchmarkException(builder.command() + " failed; see " + output + " and " + log());
            }
        } catch (IOException e) {
            throw new BenchmarkException(builder.command() + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("Interrupted during " + builder.command(), e);
        }
    }
}
