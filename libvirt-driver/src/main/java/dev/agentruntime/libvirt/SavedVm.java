package dev.agentruntime.libvirt;

import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A VM on the disk, which holds its template. */
final class SavedVm implements Snapshot {

    private final SavedVmKey key;
    private final SnapshotFile file;
    private final long bytes;
    private final TemplateStore.Pin pin;
    private final Supplier<GuestPlan> plan;
    private final Starts starts;
    private final Snapshots snapshots;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param plan how it is cloned again; asked for when that is wanted */
    SavedVm(SavedVmKey key, SnapshotFile file, long bytes, TemplateStore.Pin pin, Supplier<GuestPlan> plan, Starts starts, Snapshots snapshots) {
        this.key = key;
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
    public SnapshotKey key() {
        return key.key();
    }

    @Override
    public Vm start() {
        return made(Optional.of(key.vm()));
    }

    @Override
    public Vm fork() {
        return made(Optional.empty());
    }

    /** @param hostName that its guest keeps */
    private Vm made(Optional<String> hostName) {
        if (closed.get()) {
            throw new VmException("The VM " + key.vm() + " is not on the disk any more");
        }
        return starts.unlessClosing(() -> {
            try {
                return once(hostName);
            } catch (HypervisorAwayException | NoRoomException e) {
                throw e;
            } catch (DiedStartingException e) {
                DriverMessage.START_REPEATED.log(e, e.getMessage());
                return once(hostName);
            }
        });
    }

    private Vm once(Optional<String> hostName) {
        return starts.restored(snapshots.pin(pin.template()), plan.get(), file, hostName);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            snapshots.remove(file.file());
            pin.close();
        }
    }
}
