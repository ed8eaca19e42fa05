package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL of the benchmark's own, from Debian's package, run by its user {@code postgres}. For one thread. */
final class PostgresServer {

    private static final int PORT = 28432;

    private final Path log;
    private Optional<Path> folder = Optional.empty();

    /** @param log takes what PostgreSQL and its tools print */
    PostgresServer(Path log) {
        this.log = log;
    }

    static boolean isInstalled() {
        return binaries().isPresent();
    }

    private static Optional<Path> binaries() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin")).filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Path::compareTo);
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
    }

    /** Makes and starts a database; returns server.xml's lines for it. Blocks for some seconds. */
    String start() {
        Path bin = binaries().orElseThrow();
        try {
            Path made = Files.createTempDirectory(Path.of("/var/tmp"), "benchmark-postgres");
            folder = Optional.of(made);
            run("chown", "postgres", made.toString());
            Path data = made.resolve("data");
            asPostgres(bin.resolve("initdb"), "-D", data.toString(), "-A", "trust", "-U", "agents", "--no-sync");
            asPostgres(bin.resolve("pg_ctl"), "-D", data.toString(), "-l", made.resolve("log").toString(), "-w",
                    "-o", "-p " + PORT + " -k " + made + " -c listen_addresses=127.0.0.1", "start");
        } catch (IOException e) {
            throw new BenchmarkException("PostgreSQL cannot be started: " + e.getMessage(), e);
        }
        return """
                <library id="benchmarkPostgres"><fileset dir="%s" includes="postgresql-*.jar"/></library>
                <dataSource id="benchmarkLedger" jndiName="jdbc/benchmark" transactional="false">
                    <jdbcDriver libraryRef="benchmarkPostgres"/>
                    <properties.postgresql serverName="127.0.0.1" portNumber="%d" databaseName="postgres" user="agents"/>
                </dataSource>
                <agentRuntime dataSource="jdbc/benchmark"/>
                """.formatted(Path.of("runner/target/lib").toAbsolutePath(), PORT);
    }

    /** The postmaster and its children. */
    List<Long> processes() throws IOException {
        long postmaster = postmaster();
        return Stream.concat(Stream.of(postmaster), ProcessHandle.of(postmaster).stream().flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)).toList();
    }

    private long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(folder.orElseThrow().resolve("data/postmaster.pid")).get(0).strip());
    }

    /** Ends it and removes its files. */
    void close() throws IOException {
        if (folder.isEmpty()) {
            return;
        }
        Signal.CONT.to(processes());
        asPostgres(binaries().orElseThrow().resolve("pg_ctl"), "-D", folder.get().resolve("data").toString(), "-m", "immediate", "stop");
        run("rm", "-rf", folder.get().toString());
        folder = Optional.empty();
    }

    private void asPostgres(Path program, String... words) throws IOException {
        run(Stream.concat(Stream.of("runuser", "-u", "postgres", "--", program.toString()), Stream.of(words)).toArray(String[]::new));
    }

    private void run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).directory(new java.io.File("/")).start();
            if (process.waitFor() != 0) {
                throw new IOException(List.of(command) + " failed; see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted during " + List.of(command), e);
        }
    }
}
