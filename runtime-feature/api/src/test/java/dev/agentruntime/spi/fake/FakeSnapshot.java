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
    private volatile boolean closed;

    FakeSnapshot(FakeVm original, FakeDriver driver, long bytes) {
        this.original = original;
        this.driver = driver;
        this.bytes = bytes;
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
        return new SnapshotKey("fake disk: " + original.name());
    }

    @Override
    public Vm start() {
        driver.failures().meet(FakeDriver.Step.RESTORE);
        if (closed) {
            throw new VmException("The VM " + original.name() + " is not on the disk any more.");
        }
        return driver.restored(original);
    }

    @Override
    public void close() {
        closed = true;
        driver.forget(this);
    }
}
