package dev.agentruntime.libvirt;

import java.time.Duration;

/**
 * How long libvirtd is waited for.
 *
 * @param quick    what takes milliseconds when libvirtd is well
 * @param end      ending a VM: libvirt itself waits for the process, and some containers reap it seconds later
 * @param slow     what may make libvirt ask QEMU anew what it can do, which has taken 50 s
 * @param probe    what is asked to see whether libvirtd answers at all
 * @param patience for a new connection when there is none
 */
record CallLimits(Duration quick, Duration end, Duration slow, Duration probe, Duration patience) {

    static final CallLimits USUAL =
            new CallLimits(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(2), Duration.ofSeconds(3), Duration.ofSeconds(5));
}
