package dev.agentruntime.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a server holds: what grows with sessions that are over is a leak.
 *
 * @param handles   open files and sockets of its process
 * @param threads   of its process
 * @param heapBytes of live objects
 * @param named     files, sockets and control groups on the host that bear the server's id
 * @param files     in the state directory
 */
record ServerFigures(long handles, long threads, long heapBytes, List<String> named, long files) {

    private static final Path STATE = Path.of("/var/lib/agent-runtime");

    /** As it is now. Has the server collect its garbage. */
    static ServerFigures of(OwnServer server) {
        String process = "/proc/" + server.pid();
        return new ServerFigures(entries(Path.of(process, "fd")), entries(Path.of(process, "task")), heap(server.pid()),
                Host.named("agrt-" + server.id() + "-"), filesOfState());
    }

    private static long entries(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long filesOfState() {
        return Host.run("find", STATE.toString(), "-type", "f").lines().count();
    }

    private static long heap(long pid) {
        return total(Host.run(Path.of(System.getProperty("java.home"), "bin/jcmd").toString(), Long.toString(pid), "GC.class_histogram"));
    }

    /** The sum at the end of what jcmd prints, {@code Total INSTANCES BYTES}. */
    static long total(String histogram) {
        return histogram.lines().map(String::strip).filter(line -> line.startsWith("Total ")).map(line -> line.split("\\s+")[2]).mapToLong(Long::parseLong)
                .findFirst().orElseThrow(() -> new AssertionError("jcmd tells no sum: " + histogram));
    }

    /** In one line. */
    String text() {
        return handles + " handles, " + threads + " threads, " + (heapBytes >> 10) + " KiB of live heap, " + named.size() + " names on the host, " + files
                + " files";
    }
}
