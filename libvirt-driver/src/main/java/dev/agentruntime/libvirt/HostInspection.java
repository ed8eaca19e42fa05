package dev.agentruntime.libvirt;

import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds out how this host runs guests. Blocks; asks libvirtd and, once, boots a probe VM. */
final class HostInspection {

    private static final int ROOT = 0;

    private final DriverSettings settings;
    private final Hypervisor hypervisor;
    private final Directories directories;
    private final HostFacts facts;
    private final KvmProbe probe;

    HostInspection(DriverSettings settings, Hypervisor hypervisor, Directories directories) {
        this(settings, hypervisor, directories, HostFacts.ofThisHost());
    }

    private HostInspection(DriverSettings settings, Hypervisor hypervisor, Directories directories, HostFacts facts) {
        this(settings, hypervisor, directories, facts, new KvmProbe(directories.state(), facts));
    }

    HostInspection(DriverSettings settings, Hypervisor hypervisor, Directories directories, HostFacts facts, KvmProbe probe) {
        this.settings = settings;
        this.hypervisor = hypervisor;
        this.directories = directories;
        this.facts = facts;
        this.probe = probe;
    }

    /** Our own user's number. */
    static int ownUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new VmException("This process's user could not be read from /proc: " + e.getMessage(), e);
        }
    }

    static boolean isRoot() {
        return ownUid() == ROOT;
    }

    HostProfile profile() {
        Capabilities capabilities = Capabilities.parse(hypervisor.capabilities());
        boolean system = hypervisor.uri().startsWith("qemu:///system");
        if (system && !isRoot()) {
            throw new VmException("qemu:///system can only be used by root, who can give QEMU's user the files it needs."
                    + " Run the server as root, or set hypervisor=\"qemu:///session\"");
        }
        Optional<QemuUser> user = system ? capabilities.dacUser().filter(u -> u.uid() != ROOT) : Optional.empty();
        try {
            directories.openTo(user);
            String stamp = hypervisor.qemuVersion() + "/" + Files.size(capabilities.emulator()) + "/"
                    + Files.getLastModifiedTime(capabilities.emulator()).toMillis();
            Verdict verdict = verdict(capabilities, stamp, user);
            String cpu = verdict.isKvm() ? facts.processorUnderKvm() : facts.processor();
            return new HostProfile(capabilities.emulator(), stamp, capabilities.machineType(), verdict, cpu, user);
        } catch (IOException e) {
            throw new VmException("This host cannot run virtual machines yet: " + e.getMessage(), e);
        }
    }

    private Verdict verdict(Capabilities capabilities, String stamp, Optional<QemuUser> user) {
        boolean offered = capabilities.domainTypes().contains("kvm");
        KvmProbe.Question question = new KvmProbe.Question(
                capabilities.emulator(), stamp, settings.imageDirectory().resolve("vmlinuz"), user, settings.cpuModel());
        return switch (settings.acceleration()) {
            case "tcg" -> Verdict.tcg("the configuration says so");
            case "kvm" -> demanded(offered, question);
            // Where libvirt does not offer it there is nothing to gain by a probe, which takes its time. Templates belong to an
            // acceleration, so a server keeps the one that it began with.
            default -> offered ? probe.verdict(question) : Verdict.tcg(notOffered() + ", and then this server");
        };
    }

    /** Set by somebody who would rather have no agents than slow ones. */
    private Verdict demanded(boolean offered, KvmProbe.Question question) {
        Verdict verdict = offered ? probe.verdict(question) : Verdict.tcg(notOffered());
        if (!verdict.isKvm()) {
            throw new VmException("acceleration=\"kvm\" is set, but " + verdict.reason()
                    + ". It is looked at again every minute; acceleration=\"auto\" would fall back to emulation");
        }
        return verdict;
    }

    private String notOffered() {
        return "libvirt does not offer KVM: " + (Files.exists(facts.device())
                ? facts.device() + " is there, but libvirtd cannot use it, or could not when it was started; see to its rights, then restart libvirtd"
                : "there is no " + facts.device() + "; load kvm_intel or kvm_amd, then restart libvirtd");
    }
}
