package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
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
    private static final int LOG_LINES = 80;

    private final Path war;
    private final Liberty liberty;
    private final LogRing log;
    private final Hygiene hygiene;
    private final PingProbe probe;

    Deployment(Path war, Liberty liberty, LogRing log, Hygiene hygiene, PingProbe probe) {
        this.war = war;
        this.liberty = liberty;
        this.log = log;
        this.hygiene = hygiene;
        this.probe = probe;
    }

    /**
     * Blocks until the agent answers its ping. One guest takes one WAR at a time, well or not, for a template is never half
     * another's.
     *
     * @throws GuestException it does not, with what Open Liberty has logged since the deploy began
     * @throws IOException the WAR could not be read to its end or written
     */
    void run(InputStream content, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        if (Files.exists(war)) {
            throw new GuestException("This guest already holds a WAR, and takes only one at a time: deploy into a fresh guest.");
        }
        store(content);
        long mark = log.mark();
        Supplier<List<String>> lines = () -> log.since(mark, LOG_LINES);
        String line = tell(HygieneServer.FILE_CREATED, STARTED_OR_FAILED, "start", timeout, lines);
        if (FAILED.matcher(line).find()) {
            throw new GuestException("The WAR did not start: " + withoutPrefix(line), lines.get());
        }
        awaitPing(deadline, timeout, lines);
    }

    /**
     * Takes the WAR out, and what was logged so far with it: the next one's log is its own. Blocks until Open Liberty has
     * stopped it; a WAR that is not there is no error.
     *
     * @throws GuestException it does not stop, with what Open Liberty has logged meanwhile
     */
    void undo(Duration timeout) throws IOException {
        if (Files.deleteIfExists(war)) {
            long mark = log.mark();
            tell(HygieneServer.FILE_DELETED, STOPPED, "stop", timeout, () -> log.since(mark, LOG_LINES));
            log.clear();
        }
    }

    private String tell(String event, Pattern done, String what, Duration timeout, Supplier<List<String>> lines) {
        liberty.requireAlive();
        CompletableFuture<String> outcome = new CompletableFuture<>();
        try (LogRing.Registration registration = log.listen(line -> {
            if (done.matcher(line).find()) {
                outcome.complete(line);
            }
        })) {
            CompletableFuture<Object> decided = CompletableFuture.anyOf(outcome, liberty.ended());
            hygiene.call(ControlMessage.of(event).with("path", war.toString()));
            String line = (String) decided.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            liberty.requireAlive();
            return line;
        } catch (TimeoutException e) {
            throw new GuestException("The WAR did not " + what + " within " + timeout.toSeconds() + " s.", lines.get());
        } catch (InterruptedException | ExecutionException e) {
            throw new GuestException("Waiting for the WAR to " + what + " was broken off: " + e, e);
        }
    }

    private void store(InputStream content) throws IOException {
        Files.createDirectories(war.getParent());
        Path part = war.resolveSibling(war.getFileName() + ".part");
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, war, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitPing(long deadline, Duration timeout, Supplier<List<String>> lines) {
        String last = "no answer";
        for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
            liberty.requireAlive();
            try {
                PingProbe.Answer answer = probe.ask(Duration.ofNanos(left));
                if (answer.isHealthy()) {
                    return;
                }
                if (answer.status() == 404) {
                    throw new GuestException("The WAR started but has no /ping (it answers 404 there). An agent must answer GET /ping"
                            + " and POST /invocations: add the agent SDK to it and annotate a method with @AgentEntrypoint.", lines.get());
                }
                if (answer.status() == 200) {
                    throw new GuestException("The WAR started, but its /ping answers with " + describe(answer.contentType())
                            + " instead of JSON: " + answer.summary(), lines.get());
                }
                last = "status " + answer.status() + (answer.summary().isEmpty() ? "" : ": " + answer.summary());
            } catch (IOException e) {
                last = e.toString();
            }
            // Nothing tells when an agent changes its mind about being ready, so ask again.
            LockSupport.parkNanos(BETWEEN_PINGS.toNanos());
        }
        throw new GuestException("The WAR started, but its /ping was not healthy within " + timeout.toSeconds()
                + " s. The last answer was: " + last, lines.get());
    }

    private static String describe(String contentType) {
        return contentType.isEmpty() ? "no content type" : contentType;
    }

    private static String withoutPrefix(String line) {
        int code = line.indexOf("CWWKZ");
        return code < 0 ? line : line.substring(code);
    }
}
