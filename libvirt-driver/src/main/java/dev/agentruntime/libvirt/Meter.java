package dev.agentruntime.libvirt;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.VmException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Reads what a VM uses, from the best instrument there is. Thread-safe. What it reads of CPU never falls. */
final class Meter {

    private final Optional<Partition> partition;
    private final Optional<QemuProcess> process;
    private final Hypervisor hypervisor;
    private final String vm;
    private final AtomicLong cpuNanos = new AtomicLong();

    Meter(Optional<Partition> partition, Optional<QemuProcess> process, Hypervisor hypervisor, String vm) {
        this.partition = partition;
        this.process = process;
        this.hypervisor = hypervisor;
        this.vm = vm;
    }

    /** A reading now; of a VM that has ended, the last there is. */
    MeterReading read() {
        long cpu = cpuNanos.accumulateAndGet(cpu(), Math::max);
        return new MeterReading(cpu, memory(), partition.isPresent() ? MeterSource.CGROUP : MeterSource.HYPERVISOR);
    }

    private long cpu() {
        if (partition.isPresent()) {
            return partition.get().cpuNanos();
        }
        if (process.isPresent()) {
            return process.get().cpuNanos().orElse(0L);
        }
        return libvirtNanos();
    }

    private long libvirtNanos() {
        try {
            return hypervisor.cpuNanos(vm).orElse(0L);
        } catch (VmException e) {
            return 0;
        }
    }

    /** A meter that fails because libvirtd is away must not keep anything from going on: 0 is what is known then. */
    private Optional<Long> residentBytes() {
        try {
            return hypervisor.residentBytes(vm);
        } catch (VmException e) {
            return Optional.empty();
        }
    }

    private long memory() {
        return partition.flatMap(Partition::anonymousBytes)
                .or(() -> process.flatMap(QemuProcess::anonymousBytes))
                .or(() -> process.isPresent() && !process.get().alive() ? Optional.of(0L) : residentBytes())
                .orElse(0L);
    }
}
