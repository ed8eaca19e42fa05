package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A VM on the disk, which holds its template. */
final class SavedVm implements Snapshot {

    private final String vm;
    private final SnapshotFile file;
    private final long bytes;
    private final TemplateStore.Pin pin;
    private final GuestPlan plan;
    private final Starts starts;
    private final Snapshots snapshots;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param vm the name of the VM that was written */
    SavedVm(String vm, SnapshotFile file, long bytes, TemplateStore.Pin pin, GuestPlan plan, Starts starts, Snapshots snapshots) {
        this.vm = vm;
        this.file = file;
        this.bytes = bytes;
        this.pin = pin;
        this.plan = plan;
        this.starts = starts;
        this.snapshots = snapshots;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Vm start() {
        if (closed.get()) {
            throw new VmException("The VM " + vm + " is not on the disk any more");
        }
        return starts.unlessClosing(() -> {
            try {
                return once();
            } catch (HypervisorAwayException | NoRoomException e) {
                throw e;
            } catch (DiedStartingException e) {
                DriverMessage.START_REPEATED.log(e, e.getMessage());
                return once();
            }
        });
    }

    private Vm once() {
        return starts.restored(snapshots.pin(pin.template()), plan, file, vm);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            snapshots.remove(file.file());
            pin.close();
        }
    }
}
