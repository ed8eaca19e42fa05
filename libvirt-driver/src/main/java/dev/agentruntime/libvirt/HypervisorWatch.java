package dev.agentruntime.libvirt;

import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.spi.DriverSettings;
import java.util.Optional;

/** Looks after the hypervisor from time to time, so that nobody has to wait for an answer. Thread-safe. */
final class HypervisorWatch {

    private final DriverSettings settings;
    private final Hypervisor hypervisor;
    private final HostInspection inspection;
    private final String metering;
    private volatile HypervisorStatus status;
    private Optional<HostProfile> profile = Optional.empty();

    HypervisorWatch(DriverSettings settings, Hypervisor hypervisor, Directories directories, boolean partitions) {
        this.settings = settings;
        this.hypervisor = hypervisor;
        this.inspection = new HostInspection(settings, hypervisor, directories);
        this.metering = partitions ? "CPU metered by control groups" : "CPU metered from the process";
        this.status = new HypervisorStatus(false, GuestImage.present(settings.imageDirectory()), "not asked yet");
    }

    /** As last seen. Does not block. */
    HypervisorStatus status() {
        return status;
    }

    /** Looks once. Blocks; never throws. */
    void look() {
        boolean before = status.reachable();
        boolean image = GuestImage.present(settings.imageDirectory());
        try {
            String libvirt = hypervisor.version();
            String guests = image ? profile().accelerationWhy() : "no guest image in " + settings.imageDirectory() + " yet";
            status = new HypervisorStatus(true, image, hypervisor.uri() + ", libvirt " + libvirt + ", QEMU " + hypervisor.qemuVersion()
                    + ", " + guests + ", " + metering);
            if (!before) {
                DriverMessage.HYPERVISOR_FOUND.log(status.description());
            }
        } catch (RuntimeException e) {
            status = new HypervisorStatus(false, image, e.getMessage());
            if (before) {
                DriverMessage.HYPERVISOR_LOST.log(e.getMessage());
            }
        }
    }

    /** How this host runs guests; found out at the first call. Blocks. */
    synchronized HostProfile profile() {
        if (profile.isEmpty()) {
            profile = Optional.of(inspection.profile());
        }
        return profile.get();
    }
}
