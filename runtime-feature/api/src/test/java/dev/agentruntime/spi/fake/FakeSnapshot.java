package dev.agentruntime.spi.fake;

import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;

/** A fake VM on a fake disk. */
public final class FakeSnapshot implements Snapshot {

    private final FakeVm original;
    private final FakeDriver driver;
    private final long bytes;
    private final String memory;
    private final SnapshotKey key;
    private volatile boolean closed;

    FakeSnapshot(FakeVm original, FakeDriver driver, long bytes, int number) {
        this(original, driver, bytes, original.memory(), new SnapshotKey("fake disk: " + number + " of " + original.name()));
    }

    private FakeSnapshot(FakeVm original, FakeDriver driver, long bytes, String memory, SnapshotKey key) {
        this.original = original;
        this.driver = driver;
        this.bytes = bytes;
        this.memory = memory;
        this.key = key;
    }

    /** The same file as another driver sees it. */
    FakeSnapshot of(FakeDriver other) {
        return new FakeSnapshot(original, other, bytes, memory, key);
    }

    /** The VM that was written down. */
    public FakeVm original() {
        return original;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public SnapshotKey key() {
        return key;
    }

    @Override
    public Vm start() {
        driver.failures().meet(FakeDriver.Step.RESTORE);
        if (closed) {
            throw new VmException("The VM " + original.name() + " is not on the disk any more.");
        }
        FakeVm vm = driver.restored(original, memory);
        driver.failures().met(FakeDriver.Step.RESTORE);
        return vm;
    }

    @Override
    public Vm fork() {
        return start();
    }

    @Override
    public void close() {
        if (!closed) {
            driver.failures().meet(FakeDriver.Step.DROP);
            closed = true;
            driver.forget(this);
            driver.failures().met(FakeDriver.Step.DROP);
        }
    }
}
