package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Puts the agent's WAR into the running Open Liberty and waits until it answers its ping; takes it out again. */
final class Deployment {
    private static final Pattern STOPPED = Pattern.compile("CWWKZ0009I");
    private static final Pattern FAILED = Pattern.compile("CWWKZ\\d{4}E");
    private static final Pattern STARTED_OR_FAILED = Pattern.compile("CWWKZ000[13]I|" + FAILED);
    private static final Duration BETWEEN_PINGS = Duration.ofMillis(250);
    /** After so many answers in a row that no waiting will change. */
    private static final int FINAL_ANSWERS = 12;
    private static final Duration QUIET = Duration.ofMillis(100);
    private static final Duration LAST_LINES = Duration.ofSeconds(2);
    private static final int LOG_LINES = 80;

    private final Path war;
    private final GuestRoom room;
    private final Liberty liberty;
    private final LogRing log;
    private final Hygiene hygiene;
    private final PingProbe probe;

    Deployment(Path war, GuestRoom room, Liberty liberty, LogRing log, Hygiene hygiene, PingProbe probe) {
        this.war = war;
        this.room = room;
        this.liberty = liberty;
        this.log = log;
        this.hygiene = hygiene;
        this.probe = probe;
    }

    /**
     * Blocks until the agent answers its ping. One guest takes one WAR at a time, well or not, for a template is never half
     * another's.
     *
     * @throws GuestException it does not, with the first cause and what Open Liberty has logged since the deploy began
     * @throws IOException the WAR could not be read to its end or written
     */
    void run(InputStream content, long length, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        if (Files.exists(war)) {
            throw new GuestException("This guest already holds a WAR, and takes only one at a time: deploy into a fresh guest.");
        }
        Files.createDirectories(war.getParent());
        room.requireForWar(length);
        store(content);
        room.requireForLibraries(war);
        long mark = log.mark();
        Supplier<List<String>> lines = () -> log.since(mark, LOG_LINES);
        try {
            String line = tell(HygieneServer.FILE_CREATED, STARTED_OR_FAILED, "start", deadline, timeout, lines);
            if (FAILED.matcher(line).find()) {
                throw new GuestException("The WAR did not start: " + cause(mark).orElse(withoutPrefix(line)), lines.get());
            }
            awaitPing(deadline, timeout, mark, lines);
        } catch (GuestException failure) {
            throw explained(failure);
        }
    }

    /** What fails for want of room does not say so. */
    private GuestException explained(GuestException failure) {
        return room.complaint().map(full -> new GuestException(full + " What came of it: " + failure.getMessage(), failure.logLines())).orElse(failure);
    }

    /** Why the WAR did not start, as far as the log tells. The lines of one message do not come all at once. */
    private Optional<String> cause(long mark) {
        long patience = System.nanoTime() + LAST_LINES.toNanos();
        while (log.quiet().compareTo(QUIET) < 0 && System.nanoTime() < patience) {
            LockSupport.parkNanos(QUIET.toNanos());
        }
        return FirstCause.in(log.since(mark, Integer.MAX_VALUE));
    }

    /**
     * Takes the WAR out, and what was logged so far with it: the next one's log is its own. Blocks until Open Liberty has
     * stopped it; a WAR that is not there is no error.
     *
     * @throws GuestException it does not stop, with what Open Liberty has logged meanwhile
     */
    void undo(Duration timeout) throws IOException {
        if (end(timeout)) {
            log.clear();
        }
    }

    /**
     * The same at the end of a session, whose log stays: it has the agent's last words.
     *
     * @return whether there was a WAR
     * @throws GuestException it does not stop, with what Open Liberty has logged meanwhile
     */
    boolean end(Duration timeout) throws IOException {
        boolean there = Files.deleteIfExists(war);
        if (there) {
            long mark = log.mark();
            tell(HygieneServer.FILE_DELETED, STOPPED, "stop", System.nanoTime() + timeout.toNanos(), timeout, () -> log.since(mark, LOG_LINES));
        }
        return there;
    }

    /** @param timeout of the whole request, of which some has passed; for the message */
    private String tell(String event, Pattern done, String what, long deadline, Duration timeout, Supplier<List<String>> lines) {
        liberty.requireAlive();
        CompletableFuture<String> outcome = new CompletableFuture<>();
        try (LogRing.Registration registration = log.listen(line -> {
            if (done.matcher(line).find()) {
                outcome.complete(line);
            }
        })) {
            CompletableFuture<Object> decided = CompletableFuture.anyOf(outcome, liberty.ended());
            hygiene.call(ControlMessage.of(event).with("path", war.toString()));
            String line = (String) decided.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            liberty.requireAlive();
            return line;
        } catch (TimeoutException e) {
            throw new GuestException("The WAR did not " + what + " within " + timeout.toSeconds() + " s.", lines.get());
        } catch (InterruptedException | ExecutionException e) {
            throw new GuestException("Waiting for the WAR to " + what + " was broken off: " + e, e);
        }
    }

    private void store(InputStream content) throws IOException {
        Path part = war.resolveSibling(war.getFileName() + ".part");
        try {
            Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw Advice.on(String.valueOf(e.getMessage())).<IOException>map(advice -> new IOException(e.getMessage() + ". " + advice, e)).orElse(e);
        }
        Files.move(part, war, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitPing(long deadline, Duration timeout, long mark, Supplier<List<String>> lines) {
        String last = "no answer";
        // An application is told to be started a moment before its paths are there, so one "not found" says little.
        int finalAnswers = 0;
        for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
            liberty.requireAlive();
            try {
                PingProbe.Answer answer = probe.ask(Duration.ofNanos(left));
                if (answer.isAlive()) {
                    return;
                }
                last = "status " + answer.status() + (answer.summary().isEmpty() ? "" : ": " + answer.summary());
                finalAnswers = answer.isFinal() ? finalAnswers + 1 : 0;
                if (finalAnswers == FINAL_ANSWERS) {
                    throw new GuestException(refusal(answer, last) + cause(mark).map(cause -> " Its log says: " + cause).orElse(""), lines.get());
                }
            } catch (IOException e) {
                last = e.toString();
                finalAnswers = 0;
            }
            // Nothing tells when an agent changes its mind about being ready, so ask again.
            LockSupport.parkNanos(BETWEEN_PINGS.toNanos());
        }
        throw new GuestException("The WAR started, but its " + probe.path() + " did not answer with status 200 within " + timeout.toSeconds()
                + " s. The last answer was: " + last + cause(mark).map(cause -> ". Its log says: " + cause).orElse(""), lines.get());
    }

    private String refusal(PingProbe.Answer answer, String quoted) {
        return answer.status() == 404
                ? "The WAR started but has no " + probe.path() + " (it answers 404 there). An agent must answer GET /ping and POST /invocations: add the"
                        + " agent SDK to it and annotate a method with @AgentEntrypoint, or name paths that the WAR has by the attributes pingPath and"
                        + " invocationsPath of the <agent>."
                : "The WAR started, but its " + probe.path() + " answers with " + quoted + ". It must answer with status 200, without redirect or login.";
    }

    private static String withoutPrefix(String line) {
        int code = line.indexOf("CWWKZ");
        return code < 0 ? line : line.substring(code);
    }
}
