package dev.agentruntime.supervisor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The Open Liberty process of this guest. It is started once; when it dies it stays dead, because a session whose
 * agent lost its memory is over.
 */
final class Liberty {
    private static final String READY = "CWWKF0011I";
    private static final int FAILURE_LINES = 60;

    private final Process process;
    private final LogRing log;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private Liberty(Process process, LogRing log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code command} in {@code folder}; its output goes to {@code log}. */
    static Liberty start(List<String> command, Path folder, LogRing log) throws IOException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Liberty liberty = new Liberty(process, log);
        Thread reader = new Thread(liberty::readOutput, "liberty-output");
        reader.setDaemon(true);
        reader.start();
        return liberty;
    }

    /**
     * Blocks until the server is up.
     *
     * @throws GuestException it ended before
     */
    void awaitReady() {
        try {
            ready.join();
        } catch (CompletionException e) {
            throw new GuestException("Open Liberty did not start in the guest: " + e.getCause().getMessage(), log.tail(FAILURE_LINES));
        }
    }

    /** Why there is no server any more; empty while it lives. */
    Optional<String> endedBecause() {
        return Optional.ofNullable(ended.getNow(null));
    }

    /** @throws GuestException the server is dead */
    void requireAlive() {
        endedBecause().ifPresent(reason -> {
            throw new GuestException(reason, log.tail(FAILURE_LINES));
        });
    }

    /** Completes with a sentence when the process has ended. */
    CompletableFuture<String> ended() {
        return ended.copy();
    }

    private void readOutput() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                log.add(line);
                if (line.contains(READY)) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            log.add("supervisor: the output of Open Liberty can no longer be read: " + e);
        }
        finish();
    }

    private void finish() {
        try {
            int code = process.waitFor();
            String reason = "The Open Liberty process of this session has ended with exit code " + code + meaning(code) + ".";
            log.add("supervisor: " + reason);
            ended.complete(reason);
            ready.completeExceptionally(new GuestException(reason));
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException("interrupted while waiting for Open Liberty", e));
        }
    }

    private static String meaning(int code) {
        return switch (code) {
            case 137 -> " (killed, most likely because the guest ran out of memory: give the agent more memory)";
            case 3 -> " (it ran out of Java heap: give the agent more memory)";
            case 134, 139 -> " (the Java virtual machine crashed)";
            default -> "";
        };
    }
}
