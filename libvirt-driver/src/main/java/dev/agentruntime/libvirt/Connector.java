package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.libvirt.LibvirtException;

/**
 * Keeps a connection to libvirtd. A connection that is given up is replaced by a new one in the background. Threads that hang in libvirt's client library are bounded: some for each of the few
 * connections that were given up and are still busy. Thread-safe.
 */
final class Connector implements AutoCloseable {

    /** Attempts to connect, and connections given up while calls hang on them, of which there may be this many each. */
    private static final int MOST_HANGING = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final List<String> uris;
    private final HypervisorConnection.Opener opener;
    private final CallLimits limits;
    private final ExecutorService threads;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("agent-runtime-connect"));
    private final List<Line> givenUp = new ArrayList<>();
    private Optional<Line> current = Optional.empty();
    private Optional<VmException> failure = Optional.empty();
    private Optional<ScheduledFuture<?>> next = Optional.empty();
    private Duration pause = FIRST_PAUSE;
    private int attempts;
    private int failures;
    private boolean closed;

    /** @param uris connection URIs, tried in this order */
    Connector(List<String> uris, HypervisorConnection.Opener opener, CallLimits limits) {
        this(uris, opener, limits, Executors.newCachedThreadPool(DaemonThreads.named("agent-runtime-libvirt-call")));
    }

    /** @param threads for calls that may hang, of which there must be as many as are asked for; ended by {@link #close()} */
    Connector(List<String> uris, HypervisorConnection.Opener opener, CallLimits limits, ExecutorService threads) {
        this.threads = threads;
        this.uris = List.copyOf(uris);
        this.opener = opener;
        this.limits = limits;
    }

    /** The URI of the connection there is. Waits as a call does. */
    String uri() {
        return line().connection().uri();
    }

    /**
     * The connection there is; waits for one for a while when there is none.
     *
     * @throws HypervisorAwayException none came to be
     * @throws VmException             libvirt refuses one for a reason that only a person can mend, or the driver was closed
     */
    synchronized Line line() {
        if (current.isEmpty() && attempts == 0 && next.isEmpty()) {
            attempt();
        }
        long deadline = System.nanoTime() + limits.patience().toNanos();
        int failuresBefore = failures;
        while (current.isEmpty()) {
            if (closed) {
                throw new VmException("The driver has been closed: open it again before using it");
            }
            long left = deadline - System.nanoTime();
            boolean hopeless = failures > failuresBefore && failure.filter(HypervisorAwayException.class::isInstance).isEmpty();
            if (left <= 0 || hopeless) {
                throw failure.map(Connector::again).orElseGet(() -> new HypervisorAwayException("Connecting to " + uris.get(0)
                        + " has not succeeded yet: libvirtd does not answer. Is it stopped, or the host overloaded?"));
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new VmException("Interrupted while waiting for " + uris.get(0), e);
            }
        }
        return current.get();
    }

    /** Each who waited gets one of his own, for who catches it may add to it. */
    private static VmException again(VmException failure) {
        return failure instanceof HypervisorAwayException
                ? new HypervisorAwayException(failure.getMessage(), failure)
                : new VmException(failure.getMessage(), failure);
    }

    /** Lets nobody use a line any more, and has another made. */
    synchronized void giveUp(Line line, String why) {
        if (current.filter(line::equals).isPresent()) {
            current = Optional.empty();
            givenUp.add(line);
            line.close();
            pause = FIRST_PAUSE;
            DriverMessage.RECONNECTING.log(line.connection().uri(), why);
            attempt();
        }
    }

    /** Connects on a thread that may hang; another attempt is made beside one that does. */
    private synchronized void attempt() {
        givenUp.removeIf(line -> !line.busy());
        if (closed || current.isPresent()) {
            return;
        }
        attemptAfter(limits.quick());
        if (attempts < MOST_HANGING && givenUp.size() <= MOST_HANGING) {
            attempts++;
            try {
                threads.execute(this::connect);
            } catch (OutOfMemoryError e) {
                failed(new HypervisorAwayException("Connecting to " + uris.get(0) + " failed: there is no thread left for it ("
                        + e.getMessage() + "). Raise the limit of the server's threads", e));
            }
        }
    }

    private void attemptAfter(Duration delay) {
        next.ifPresent(earlier -> earlier.cancel(false));
        next = Optional.of(clock.schedule(this::attempt, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    private void connect() {
        try {
            connected(open());
        } catch (VmException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            failed(new HypervisorAwayException("Connecting to " + uris.get(0) + " failed: " + e, e));
        }
    }

    private HypervisorConnection open() {
        VmException first = null;
        for (String uri : uris) {
            try {
                return opener.open(uri);
            } catch (LibvirtException e) {
                VmException why = LibvirtErrors.explain("Connecting to", uri, e);
                if (first == null) {
                    first = why;
                } else {
                    first.addSuppressed(why);
                }
            } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
                throw new VmException("libvirt's client library cannot be loaded (" + e.getMessage()
                        + "). Install it: apt-get install libvirt0, or dnf install libvirt-libs", e);
            }
        }
        throw first;
    }

    private void connected(HypervisorConnection connection) {
        synchronized (this) {
            attempts--;
            if (current.isEmpty() && !closed) {
                current = Optional.of(new Line(connection, threads));
                failure = Optional.empty();
                pause = FIRST_PAUSE;
                next.ifPresent(earlier -> earlier.cancel(false));
                next = Optional.empty();
                notifyAll();
                return;
            }
        }
        connection.close();
    }

    /** What only a person can mend is tried again when somebody calls. */
    private synchronized void failed(VmException why) {
        attempts--;
        failures++;
        failure = Optional.of(why);
        notifyAll();
        if (closed) {
            return;
        }
        if (why instanceof HypervisorAwayException) {
            attemptAfter(pause);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        } else {
            next.ifPresent(earlier -> earlier.cancel(false));
            next = Optional.empty();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.ifPresent(Line::close);
        current = Optional.empty();
        clock.shutdownNow();
        threads.shutdown();
        notifyAll();
    }
}
