package dev.agentruntime.libvirt;

import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out how this host runs guests. Blocks; asks libvirtd and, once, boots a probe VM. */
final class HostInspection {

    private static final int ROOT = 0;

    private final DriverSettings settings;
    private final Hypervisor hypervisor;
    private final Directories directories;

    HostInspection(DriverSettings settings, Hypervisor hypervisor, Directories directories) {
        this.settings = settings;
        this.hypervisor = hypervisor;
        this.directories = directories;
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
            String cpu = cpu();
            Verdict verdict = verdict(capabilities, stamp, cpu);
            return new HostProfile(capabilities.emulator(), stamp, capabilities.machineType(), verdict.acceleration(), verdict.why(), cpu, user);
        } catch (IOException e) {
            throw new VmException("This host cannot run virtual machines yet: " + e.getMessage(), e);
        }
    }

    private Verdict verdict(Capabilities capabilities, String stamp, String cpu) {
        boolean offered = capabilities.domainTypes().contains("kvm");
        return switch (settings.acceleration()) {
            case "tcg" -> Verdict.tcg("the configuration says so");
            case "kvm" -> {
                if (!offered) {
                    throw new VmException("acceleration=\"kvm\" is set, but libvirt does not offer KVM. Is /dev/kvm there and open to"
                            + " QEMU's user? Set acceleration=\"auto\" to fall back to emulation");
                }
                yield Verdict.kvm("the configuration says so");
            }
            default -> {
                Verdict probed = new KvmProbe(directories.state())
                        .verdict(capabilities.emulator(), stamp, cpu, settings.imageDirectory().resolve("vmlinuz"));
                yield probed.acceleration() == Acceleration.KVM && !offered
                        ? Verdict.tcg("KVM works, but libvirt does not offer it: restart libvirtd")
                        : probed;
            }
        };
    }

    /** The processor as far as it decides whether a saved state loads. */
    private static String cpu() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return Digests.sha256(lines.takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.matches("(vendor_id|cpu family|model|model name|stepping|flags)\\s.*"))
                    .toArray(String[]::new));
        }
    }
}
