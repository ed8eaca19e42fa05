package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.Limits;
import dev.agentruntime.channel.Reactor;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Connects to guests. Thread-safe.
 *
 * @param reactor serves the links over which the host asks
 * @param wayOut  serves those over which guests ask, so that they hold up none of the others
 */
record HostLinks(Reactor reactor, Reactor wayOut) {

    private static final Duration SLICE = Duration.ofSeconds(10);
    private static final int SHOWN_LINES = 5;

    /**
     * Connects to the guest's second port, which it serves once it has asked for it. Blocks.
     *
     * @throws IOException it does not answer within {@code limit}
     */
    HostLink connectWayOut(RunningMachine machine, Duration limit) throws IOException {
        return HostLink.connect(machine.wayOutSocket(), wayOut, limit, Limits.OUT_OF_HOST);
    }

    /** Waits until the guest answers; gives up early when its process ends. */
    HostLink connect(RunningMachine machine, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                return HostLink.connect(machine.socket(), reactor, left.compareTo(SLICE) < 0 ? left : SLICE);
            } catch (IOException e) {
                boolean ended = machine.process().isPresent() && !machine.process().get().alive();
                if (ended || System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                    List<String> tail = machine.console().tail(SHOWN_LINES);
                    throw new VmException("The guest of the VM " + machine.name() + (ended ? " ended" : " did not answer within " + limit.toSeconds() + " s")
                            + ": " + e.getMessage() + (tail.isEmpty() ? "; its console is empty" : "; its console ends: " + GuestText.sentence(String.join(" | ", tail))), e);
                }
            }
        }
    }
}
