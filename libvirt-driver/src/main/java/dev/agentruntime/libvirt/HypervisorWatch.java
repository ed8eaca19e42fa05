package dev.agentruntime.libvirt;

import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.spi.DriverSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks after the hypervisor from time to time, so that nobody has to wait for an answer. A look that fails is missed; the
 * hypervisor counts as reachable until several in a row were missed, for a restart of libvirtd takes a moment. Thread-safe.
 */
final class HypervisorWatch {

    /** After so many missed looks in a row the hypervisor counts as gone. */
    static final int MOST_MISSED = 3;
    /** Between two looks while the hypervisor is reachable. */
    static final Duration PERIOD = Duration.ofSeconds(5);
    /** Between two looks while it is not, so that its return is soon seen. */
    static final Duration PERIOD_AWAY = Duration.ofSeconds(1);
    /** A look that takes longer counts as all of them. */
    static final Duration LONGEST_LOOK = Duration.ofSeconds(9);

    private final DriverSettings settings;
    private final Hypervisor hypervisor;
    private final Supplier<HostProfile> inspection;
    private final LongSupplier nanoTime;
    private final String metering;
    private volatile HypervisorStatus status;
    private volatile Optional<Long> lookBegan = Optional.empty();
    private Optional<Long> lookEnded = Optional.empty();
    private String versions = "";
    private int missed;
    private Optional<HostProfile> profile = Optional.empty();

    HypervisorWatch(DriverSettings settings, Hypervisor hypervisor, Directories directories, boolean partitions) {
        this(settings, hypervisor, new HostInspection(settings, hypervisor, directories)::profile, partitions, System::nanoTime);
    }

    /** @param inspection finds out how this host runs guests; blocks */
    HypervisorWatch(DriverSettings settings, Hypervisor hypervisor, Supplier<HostProfile> inspection, boolean partitions, LongSupplier nanoTime) {
        this.settings = settings;
        this.hypervisor = hypervisor;
        this.inspection = inspection;
        this.nanoTime = nanoTime;
        this.metering = partitions ? "CPU metered by control groups" : "CPU metered from the process";
        this.status = new HypervisorStatus(false, GuestImage.present(settings.imageDirectory()), "not asked yet");
    }

    /** As last seen; not reachable while a look takes too long. Does not block. */
    HypervisorStatus status() {
        HypervisorStatus last = status;
        Optional<Long> seconds = lookBegan.map(began -> (nanoTime.getAsLong() - began) / 1_000_000_000);
        return seconds.filter(s -> s > LONGEST_LOOK.toSeconds()).filter(s -> last.reachable())
                .map(s -> new HypervisorStatus(false, last.imagePresent(), "libvirtd has not answered for " + s + " s"))
                .orElse(last);
    }

    /** To be called once in {@link #PERIOD_AWAY}, always by one thread: looks when it is time to. Blocks; never throws. */
    void lookIfDue() {
        boolean due = lookEnded.map(ended -> nanoTime.getAsLong() - ended >= PERIOD.toNanos()).orElse(true);
        if (due || !status.reachable()) {
            look();
            lookEnded = Optional.of(nanoTime.getAsLong());
        }
    }

    /** Looks once. Blocks; never throws. */
    void look() {
        long began = nanoTime.getAsLong();
        lookBegan = Optional.of(began);
        try {
            seen();
        } catch (Throwable e) { // whatever it is, the next look is taken
            long took = nanoTime.getAsLong() - began;
            missed(e, took > LONGEST_LOOK.toNanos() ? MOST_MISSED : 1);
        } finally {
            lookBegan = Optional.empty();
        }
    }

    private void seen() {
        boolean before = status.reachable();
        boolean image = GuestImage.present(settings.imageDirectory());
        hypervisor.ping();
        if (!before || versions.isEmpty()) {
            versions = "libvirt " + hypervisor.version() + ", QEMU " + hypervisor.qemuVersion();
        }
        String guests = image ? profile().verdict().why() : "no guest image in " + settings.imageDirectory() + " yet";
        missed = 0;
        status = new HypervisorStatus(true, image, hypervisor.uri() + ", " + versions + ", " + guests + ", " + metering);
        if (!before) {
            DriverMessage.HYPERVISOR_FOUND.log(status.description());
        }
    }

    private void missed(Throwable why, int looks) {
        missed += looks;
        HypervisorStatus before = status;
        if (before.reachable() && missed < MOST_MISSED) {
            return;
        }
        String reason = why.getMessage() == null ? why.toString() : why.getMessage();
        status = new HypervisorStatus(false, GuestImage.present(settings.imageDirectory()), reason);
        if (before.reachable()) {
            DriverMessage.HYPERVISOR_LOST.log(reason);
        }
    }

    /** How this host runs guests; found out at the first call. Blocks. */
    HostProfile profile() {
        synchronized (inspection) {
            if (profile.isEmpty()) {
                profile = Optional.of(inspection.get());
            }
            return profile.get();
        }
    }
}
