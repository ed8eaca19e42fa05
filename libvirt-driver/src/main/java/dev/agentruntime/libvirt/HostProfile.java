package dev.agentruntime.libvirt;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How this host runs guests. Part of every template's key, since a template loads only where it was made.
 *
 * @param emulator       QEMU's binary
 * @param emulatorStamp  its size and time of change: another binary may not load the same state
 * @param machineType    a versioned q35, which does not change under a template
 * @param acceleration   KVM or TCG
 * @param accelerationWhy how that was found out, for people
 * @param cpu            the host's processor model as far as guests see it
 * @param qemuUser       the user QEMU runs as, where that is not our own
 */
record HostProfile(
        Path emulator, String emulatorStamp, String machineType, Acceleration acceleration, String accelerationWhy,
        String cpu, Optional<QemuUser> qemuUser) {}
