package dev.agentruntime.logs;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Reads one guest's log from the guest, at a pace of its own, and passes the lines on in their order. A stream that breaks is opened
 * again where it broke. While the guest says nothing, nothing runs. Thread-safe.
 */
final class LogReader {

    static final Target LOGS = new Target("logs");

    private static final double BYTES_AT_ONCE = 1024 * 1024;
    /** What a read costs that brings less: a guest could send its log byte by byte. */
    private static final int LEAST_COST = 512;
    private static final int BUFFER = 64 * 1024;
    private static final int MOST_FAILURES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration GREETING = Duration.ofSeconds(10);

    /** How much it still reads: what has arrived, or what the guest has still to say. */
    enum Until { SILENCE, END }

    private final SessionGuest guest;
    private final Consumer<List<Said>> lines;
    private final Runnable quiet;
    private final Consumer<String> given;
    private final LogThreads threads;
    private final Clock clock;
    private final Instant started;
    private final Instant begun;
    private final Pace pace;
    private final AtomicInteger turns = new AtomicInteger();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final CompletableFuture<Void> silent = new CompletableFuture<>();
    private volatile boolean finishing;
    private volatile boolean closed;
    private volatile boolean heard;
    private Optional<GuestStream> stream = Optional.empty();
    private LineCutter cutter = new LineCutter();
    private boolean held;
    private boolean greeted;
    private boolean anything;
    private long next;
    private int failures;

    /**
     * @param lines takes the lines; may block for the disk
     * @param given told why nothing more is read, where that is not the log's end
     */
    LogReader(SessionGuest guest, Consumer<List<Said>> lines, Consumer<String> given, LogThreads threads, Clock clock) {
        this(guest, lines, () -> { }, given, threads, clock, clock.instant());
    }

    /**
     * @param quiet told each time that all is read which the guest has said
     * @param begun since when lines of this guest can be
     */
    LogReader(SessionGuest guest, Consumer<List<Said>> lines, Runnable quiet, Consumer<String> given, LogThreads threads, Clock clock,
            Instant begun) {
        this.guest = guest;
        this.lines = lines;
        this.quiet = quiet;
        this.given = given;
        this.threads = threads;
        this.clock = clock;
        this.started = clock.instant();
        this.begun = begun;
        this.pace = new Pace(threads.pace()::bytesASecond, BYTES_AT_ONCE, System::nanoTime);
    }

    /** Begins to read. Does not block. */
    void start() {
        turn();
    }

    /** The guest can be connected to again. Does not block. */
    void again() {
        turn();
    }

    /** Whether the guest is about to say with which line its log begins. One that never does is believed for some seconds. */
    boolean isExpected() {
        return !heard && !over.isDone() && clock.instant().isBefore(started.plus(GREETING));
    }

    /** Reads what is there, at no pace, and reads no more. Waits for that, for {@code limit} at most. */
    void finish(Until until, Duration limit) {
        finishing = true;
        turn();
        CompletableFuture<?> done = until == Until.END ? over : CompletableFuture.anyOf(over, silent);
        done.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS).join();
        closed = true;
        turn();
    }

    /** Several threads may want a turn; one takes them all, so the state needs no lock. */
    private void turn() {
        if (turns.getAndIncrement() == 0) {
            threads.run(this::takeTurns);
        }
    }

    private void takeTurns() {
        int taken = turns.get();
        try {
            go();
        } catch (RuntimeException | Error e) {
            giveUp(e.toString());
        }
        if (turns.addAndGet(-taken) > 0) {
            threads.run(this::takeTurns);
        }
    }

    /** One bufferful, so that a session that says much keeps no other from its turn. */
    private void go() {
        if (closed || over.isDone()) {
            close();
            return;
        }
        try {
            GuestStream from = stream.isPresent() ? stream.get() : opened();
            if (finishing) {
                // The guest ends its side when it has sent what it had to say until it sees this.
                from.shutdownOutput();
            }
            if (!finishing && !pace.isOpen()) {
                hold(true);
                threads.later(pace.untilOpen(), this::turn);
                return;
            }
            read(from);
        } catch (GuestLogException e) {
            giveUp(e.getMessage());
        } catch (IOException | VmException e) {
            broken(String.valueOf(e.getMessage()));
        }
    }

    private GuestStream opened() throws IOException {
        GuestStream opened = guest.connect(LOGS);
        stream = Optional.of(opened);
        cutter = new LineCutter();
        greeted = false;
        opened.write(ByteBuffer.wrap(((anything ? next : 0) + "\n").getBytes(StandardCharsets.US_ASCII)));
        return opened;
    }

    private void read(GuestStream from) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
        int count = from.read(bytes);
        if (count > 0) {
            pace.take(Math.max(count, LEAST_COST));
            failures = 0;
            take(cutter.lines(bytes.flip()));
            turn();
        } else if (count == 0) {
            hold(false);
            if (greeted) {
                quiet.run();
            }
            if (finishing) {
                silent.complete(null);
            }
            from.onReadable(this::turn);
        } else {
            quiet.run();
            over.complete(null);
            close();
        }
    }

    private void take(List<String> received) {
        List<Said> said = new ArrayList<>();
        Instant now = clock.instant();
        try {
            for (String line : received) {
                if (greeted) {
                    GuestLine read = GuestLine.of(line);
                    leap(read.number(), said, now);
                    said.add(read.said(begun, now));
                    next = read.number() + 1;
                    anything = true;
                } else {
                    long first = GuestLine.first(line);
                    if (anything) {
                        leap(first, said, now);
                    }
                    next = first;
                    greeted = true;
                    heard = true;
                }
            }
        } finally {
            if (!said.isEmpty()) {
                lines.accept(said);
            }
        }
    }

    private void leap(long number, List<Said> said, Instant now) {
        if (number < next) {
            throw new GuestLogException("the numbers of its lines go back");
        }
        if (number > next) {
            said.add(Said.byPlatform(now, (number - next) + " lines are left out here: they were logged faster than they could be read."));
        }
    }

    /** The link may be about to end, and the session with it; or the guest has closed one stream only, or is on the disk. */
    private void broken(String why) {
        close();
        if (finishing) {
            over.complete(null);
            return;
        }
        if (guest.isPaused()) {
            return;
        }
        failures++;
        if (failures > MOST_FAILURES) {
            giveUp(why);
        } else {
            threads.later(FIRST_PAUSE.multipliedBy(1L << (failures - 1)), this::turn);
        }
    }

    private void giveUp(String why) {
        if (over.complete(null)) {
            quiet.run();
            given.accept(why);
        }
        close();
    }

    /** Whether it is one of those that say more than they may. */
    private void hold(boolean now) {
        if (now != held) {
            held = now;
            if (now) {
                threads.pace().hold();
            } else {
                threads.pace().release();
            }
        }
    }

    private void close() {
        hold(false);
        stream.ifPresent(GuestStream::close);
        stream = Optional.empty();
    }
}
