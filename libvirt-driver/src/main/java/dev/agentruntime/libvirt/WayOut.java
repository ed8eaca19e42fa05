package dev.agentruntime.libvirt;

import dev.agentruntime.api.Target;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import dev.agentruntime.spi.GuestStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The second link of a VM, whose streams the guest opens. It is made when the guest asks for it over its first link, so that a
 * session that needs none pays for none. A guest that asks has none, whatever the host believes: it gets another then.
 * Thread-safe; nothing blocks but what runs on the executor.
 */
final class WayOut {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /** Links that are made at once; later ones wait, each twice as long as the one before, until one has lasted. */
    private static final int FREE_LINKS = 3;
    private static final int LONGEST_WAIT_SHIFT = 5;
    private static final Duration LASTING = Duration.ofSeconds(60);

    private final RunningMachine machine;
    private final HostLinks links;
    private final Executor executor;
    private Optional<GuestStreams> receiver = Optional.empty();
    private Optional<HostLink> current = Optional.empty();
    private boolean making;
    private boolean beating = true;
    private boolean closed;
    private int made;
    private long madeAt = System.nanoTime();

    WayOut(RunningMachine machine, HostLinks links, Executor executor) {
        this.machine = machine;
        this.links = links;
        this.executor = executor;
    }

    /** Who takes the streams; the last one counts. */
    synchronized void onStream(GuestStreams streams) {
        receiver = Optional.of(streams);
    }

    /** From now on the guest behind this link is served when it asks. */
    void serve(HostLink first) {
        first.onStream(this::asked);
    }

    private void asked(String target, MuxStream stream) {
        Optional<Duration> wait = target.equals(Targets.WAY_OUT) ? take() : Optional.empty();
        if (wait.isEmpty()) {
            stream.close();
            return;
        }
        CompletableFuture.delayedExecutor(wait.get().toMillis(), TimeUnit.MILLISECONDS, making -> begin(making, stream)).execute(() -> make(stream));
    }

    /** Where no thread is to be had now, the guest is told so and may ask again. */
    private void begin(Runnable making, MuxStream asker) {
        try {
            executor.execute(making);
        } catch (RejectedExecutionException e) {
            made();
            asker.close();
            if (isOpen()) {
                DriverMessage.NO_WAY_OUT.log(machine.name(), "no thread was free to make it");
            }
        }
    }

    /** Takes the turn to make a link; tells how long to wait with it, or that there is to be none. */
    private synchronized Optional<Duration> take() {
        if (receiver.isEmpty() || making || closed) {
            return Optional.empty();
        }
        making = true;
        made = System.nanoTime() - madeAt > LASTING.toNanos() ? 1 : made + 1;
        int late = made - FREE_LINKS;
        return Optional.of(late <= 0 ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(late - 1, LONGEST_WAIT_SHIFT)));
    }

    /** @param asker ended when the guest may open streams, or may ask again */
    private void make(MuxStream asker) {
        try (asker) {
            connect();
            asker.shutdownOutput();
        }
    }

    private void connect() {
        try {
            replace(Optional.empty());
            HostLink link = links.connectWayOut(machine, CONNECT_LIMIT);
            link.onStream(this::opened);
            replace(Optional.of(link));
            link.closed().thenAcceptAsync(this::ended, executor);
        } catch (IOException e) {
            if (isOpen()) {
                DriverMessage.NO_WAY_OUT.log(machine.name(), GuestText.sentence(e.getMessage()));
            }
        } finally {
            made();
        }
    }

    private synchronized void made() {
        making = false;
        madeAt = System.nanoTime();
    }

    private synchronized boolean isOpen() {
        return !closed;
    }

    private synchronized void replace(Optional<HostLink> link) {
        current.ifPresent(HostLink::close);
        current = link;
        if (closed) {
            link.ifPresent(HostLink::close);
        } else if (beating) {
            link.ifPresent(HostLink::startHeartbeat);
        }
    }

    private void opened(String target, MuxStream stream) {
        Optional<GuestStreams> streams;
        synchronized (this) {
            streams = receiver;
        }
        streams.orElseThrow().opened(new Target(target), new ChannelStream(stream));
    }

    private void ended(String reason) {
        if (isOpen() && !machine.hasEnded()) {
            DriverMessage.WAY_OUT_LOST.log(machine.name(), GuestText.sentence(reason));
        }
    }

    /** The guest may be silent from now on, because its VM is about to be paused. */
    synchronized void stopHeartbeat() {
        beating = false;
        current.ifPresent(HostLink::stopHeartbeat);
    }

    /** The VM runs, so its guest gives signs of life. */
    synchronized void startHeartbeat() {
        beating = true;
        current.ifPresent(HostLink::startHeartbeat);
    }

    /** Ends the link, and makes no other. */
    synchronized void close() {
        closed = true;
        current.ifPresent(HostLink::close);
    }
}
