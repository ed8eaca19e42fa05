package dev.agentruntime.libvirt;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads what a VM uses, from the best instrument there is. Thread-safe. What it reads of CPU never falls. Memory is measured
 * by a clock and remembered: the kernel walks the process's page tables for it, which takes milliseconds.
 */
final class Meter {

    private final Optional<Partition> partition;
    private final Optional<QemuProcess> process;
    private final Hypervisor hypervisor;
    private final String vm;
    private final AtomicLong cpuNanos = new AtomicLong();
    private final AtomicLong vcpuNanos = new AtomicLong();
    private volatile List<Path> vcpus = List.of();
    private volatile long memoryBytes;

    Meter(Optional<Partition> partition, Optional<QemuProcess> process, Hypervisor hypervisor, String vm) {
        this.partition = partition;
        this.process = process;
        this.hypervisor = hypervisor;
        this.vm = vm;
    }

    /** The CPU of this moment and the memory last measured. Asks nobody but the kernel, in well under a millisecond. */
    MeterReading read() {
        long cpu = cpuNanos.accumulateAndGet(cpu(), Math::max);
        long vcpu = vcpuNanos.accumulateAndGet(Math.min(cpu, QemuProcess.nanos(vcpus())), Math::max);
        return new MeterReading(cpu, vcpu, memoryBytes, partition.isPresent() ? MeterSource.CGROUP : MeterSource.HYPERVISOR);
    }

    /** The memory last measured. */
    long memoryBytes() {
        return memoryBytes;
    }

    /** A reading before the VM is ended: where only libvirt tells, this is the last time that it does. */
    void readBeforeEnd() {
        if (partition.isEmpty() && process.isEmpty()) {
            measure();
        }
        read();
    }

    /** The last reading of a VM whose process has ended and so holds no memory. */
    MeterReading last() {
        memoryBytes = 0;
        return read();
    }

    /** Looked for until they are found: a process has them from its beginning, and for good. */
    private List<Path> vcpus() {
        if (vcpus.isEmpty()) {
            vcpus = process.map(QemuProcess::vcpus).orElse(List.of());
        }
        return vcpus;
    }

    private long cpu() {
        return partition.map(Partition::cpuNanos).or(() -> process.flatMap(QemuProcess::cpuNanos)).orElse(0L);
    }

    /**
     * Measures memory, and CPU where only libvirt tells it. Memory that cannot be measured now stays as it was. Blocks for
     * some milliseconds; where only libvirt tells, for as long as it takes to answer.
     */
    void measure() {
        memory().ifPresent(bytes -> memoryBytes = bytes);
        if (partition.isEmpty() && process.isEmpty()) {
            fromLibvirt(hypervisor::cpuNanos).ifPresent(nanos -> cpuNanos.accumulateAndGet(nanos, Math::max));
        }
    }

    private Optional<Long> memory() {
        return partition.flatMap(Partition::anonymousBytes)
                .or(() -> process.flatMap(QemuProcess::anonymousBytes))
                .or(() -> process.isPresent() && !process.get().alive() ? Optional.of(0L) : fromLibvirt(hypervisor::residentBytes));
    }

    private interface Figure {
        Optional<Long> of(String vm);
    }

    /** A figure that libvirtd does not tell now is not known; that keeps nothing from going on. */
    private Optional<Long> fromLibvirt(Figure figure) {
        try {
            return figure.of(vm);
        } catch (VmException e) {
            return Optional.empty();
        }
    }
}
