package dev.agentruntime.spi;

import java.nio.file.Path;

/**
 * What a driver needs to know of the server it works for.
 *
 * @param serverId       names this server among all that use the hypervisor; part of every VM's name, {@code [a-z0-9]{1,16}}
 * @param hypervisor     connection URI, or {@code auto} for the best one this process may use
 * @param acceleration   {@code auto} (probe), {@code kvm} or {@code tcg}
 * @param imageDirectory holds {@code vmlinuz}, {@code initrd}, {@code rehearsal.war} and {@code image.properties} of the guest image
 * @param stateDirectory where templates are cached across restarts; the hypervisor's user must be able to reach it
 */
public record DriverSettings(
        String serverId, String hypervisor, String acceleration, Path imageDirectory, Path stateDirectory) {}
