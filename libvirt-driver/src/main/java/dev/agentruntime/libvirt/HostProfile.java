package dev.agentruntime.libvirt;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How this host runs guests. Part of every template's key, since a template loads only where it was made.
 *
 * @param emulator       QEMU's binary
 * @param emulatorStamp  its size and time of change: another binary may not load the same state
 * @param machineType    a versioned q35, which does not change under a template
 * @param verdict        KVM or TCG, with the processor that guests see, and how that was found out
 * @param cpu            the host's processor as far as guests see it; under KVM with its microcode and the host's kernel
 * @param qemuUser       the user QEMU runs as, where that is not our own
 */
record HostProfile(
        Path emulator, String emulatorStamp, String machineType, Verdict verdict, String cpu, Optional<QemuUser> qemuUser) {

    Acceleration acceleration() {
        return verdict.acceleration();
    }
}
