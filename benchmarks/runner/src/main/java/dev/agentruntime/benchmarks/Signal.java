package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Stops processes and lets them go on. */
enum Signal {
    STOP, CONT, TERM;

    void to(Collection<Long> pids) throws IOException {
        if (pids.isEmpty()) {
            return;
        }
        List<String> command = Stream.concat(Stream.of("kill", "-" + name()), pids.stream().map(String::valueOf)).toList();
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted during " + command, e);
        }
    }

    /** The processes of this host that run a program of this name. */
    static List<Long> running(String program) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().filter(path -> path.endsWith("/" + program)).isPresent())
                .map(ProcessHandle::pid).toList();
    }
}
