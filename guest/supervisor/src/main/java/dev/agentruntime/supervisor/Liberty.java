package dev.agentruntime.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Open Liberty process of this guest. It is started once; when it dies it stays dead, because a session whose
 * agent lost its memory is over.
 */
final class Liberty {
    private static final String READY = "CWWKF0011I";
    /** What the JVM prints when -XX:+ExitOnOutOfMemoryError ends it. */
    private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError: ";
    private static final Pattern LEAVING = Pattern.compile("CWWKE008[45]I");
    private static final Pattern CALLER = Pattern.compile("because thread (.+?) (?:\\([0-9a-f]+\\) )?called the method ([\\w.]+)");
    private static final Duration LEAVE = Duration.ofSeconds(2);
    private static final Duration LAST_WORDS = Duration.ofMillis(500);
    private static final Duration ALL_LAST_WORDS = Duration.ofSeconds(5);
    private static final int FAILURE_LINES = 60;
    /** Of words that the agent chooses: a reason is one field of a message, whose head is bounded. */
    private static final int QUOTED = 200;

    private final Process process;
    private final LogRing log;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile String shortage = "";

    private Liberty(Process process, LogRing log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code command} in {@code folder}; its output goes to {@code log}. */
    static Liberty start(List<String> command, Path folder, LogRing log) throws IOException {
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Liberty liberty = new Liberty(process, log);
        Thread reader = start("liberty-output", liberty::readOutput);
        start("liberty-end", () -> liberty.awaitEnd(reader));
        return liberty;
    }

    private static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
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
            throw new GuestException("Open Liberty did not start in the guest: " + e.getCause().getMessage(), lastLines());
        }
    }

    /** Why there is no server any more; empty while it lives. */
    Optional<String> endedBecause() {
        return Optional.ofNullable(ended.getNow(null));
    }

    /** @throws GuestException the server is dead */
    void requireAlive() {
        endedBecause().ifPresent(reason -> {
            throw new GuestException(reason, lastLines());
        });
    }

    /** Completes with a sentence when the process has ended. */
    CompletableFuture<String> ended() {
        return ended.copy();
    }

    /** What it has logged last. */
    List<String> lastLines() {
        return log.tail(FAILURE_LINES);
    }

    private void readOutput() {
        try (LineReader reader = new LineReader(process.getInputStream(), LogRing.LONGEST + 1)) {
            for (Optional<String> line = reader.next(); line.isPresent(); line = reader.next()) {
                read(line.get());
            }
        } catch (IOException e) {
            log.add("supervisor: the output of Open Liberty can no longer be read: " + e);
        }
    }

    private void read(String line) {
        log.add(line);
        if (line.contains(READY)) {
            ready.complete(null);
        } else if (LEAVING.matcher(line).find()) {
            start("liberty-leaving", () -> leave(line));
        } else if (line.startsWith(OUT_OF_MEMORY)) {
            shortage = quoted(line.substring(OUT_OF_MEMORY.length()));
        }
    }

    private static String quoted(String said) {
        return said.length() <= QUOTED ? said : said.substring(0, QUOTED) + "…";
    }

    /** Waits for the process and not for the end of its output, which a program that the agent has started may hold open. */
    private void awaitEnd(Thread reader) {
        try {
            int code = process.waitFor();
            hearOut(reader);
            String reason = "The agent's JVM has ended: " + meaning(code) + " (exit code " + code + ").";
            log.add("supervisor: " + reason);
            ready.completeExceptionally(new GuestException(reason));
            end(reason);
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException("interrupted while waiting for Open Liberty", e));
        }
    }

    /** As long as there is something to read: a guest with little processor time takes a while for what a pipe holds. */
    private void hearOut(Thread reader) throws InterruptedException {
        long begun = System.nanoTime();
        long heard;
        do {
            heard = log.mark();
            reader.join(LAST_WORDS.toMillis());
        } while (reader.isAlive() && log.mark() > heard && System.nanoTime() - begun < ALL_LAST_WORDS.toNanos());
    }

    /** Open Liberty takes up to a minute to stop when an agent calls System.exit: nobody should wait for it. */
    private void leave(String line) {
        try {
            if (!process.waitFor(LEAVE.toMillis(), TimeUnit.MILLISECONDS)) {
                Matcher caller = CALLER.matcher(line);
                end("The agent's JVM is ending: " + (caller.find() ? "thread '" + quoted(caller.group(1)) + "' of the agent has called " + quoted(caller.group(2))
                        : "somebody told it to stop") + ".");
            }
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException("interrupted while waiting for Open Liberty", e));
        }
    }

    /** What it has said until now is the whole log of whoever is told the end. */
    private void end(String reason) {
        log.end();
        ended.complete(reason);
    }

    private String meaning(int code) {
        if (!shortage.isEmpty()) {
            return "out of memory (" + shortage + "): raise `memory` of the agent, or let it keep less";
        }
        return switch (code) {
            case 137 -> "it was killed, most likely because the guest had no memory left: raise `memory` of the agent, or let it keep less";
            case 134, 139 -> "the Java virtual machine crashed, most likely in native code";
            default -> "the agent or a library of it has called System.exit or Runtime.halt";
        };
    }
}
