package dev.agentruntime.libvirt;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/**
 * How AppArmor keeps the QEMU of one VM from the files of another. libvirt confines it in a profile {@code libvirt-UUID}, which allows
 * the files that the VM's description names. Those that it does not name have the profile's name in theirs, so that one rule for
 * all VMs allows each its own: {@code run/*}{@code /@{profile_name}.monitor} and the like.
 */
final class Confinement {

    private Confinement() {}

    /** The UUID of a VM, which follows from its name. */
    static UUID uuid(String vm) {
        return UUID.nameUUIDFromBytes(vm.getBytes(StandardCharsets.UTF_8));
    }

    /** The name of a VM's profile. */
    static String profile(String vm) {
        return "libvirt-" + uuid(vm);
    }

    /**
     * The beginning of the names of files of which libvirt does not know. An ordinary user's QEMU is not confined, and lies under longer
     * paths: it is the VM's name there.
     */
    static String fileName(String vm) {
        return HostInspection.isRoot() ? profile(vm) : vm;
    }

    /** Whether a file belongs to a VM. */
    static boolean isOf(String vm, Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(vm + ".") || name.contains(profile(vm) + ".");
    }
}
