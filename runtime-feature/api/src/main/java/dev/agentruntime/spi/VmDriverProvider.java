package dev.agentruntime.spi;

/** Opens a hypervisor; a driver bundle registers one as an OSGi service. Thread-safe. */
public interface VmDriverProvider {

    /**
     * Opens the hypervisor and destroys nothing. Does not block on the hypervisor being reachable: a driver that cannot
     * reach it yet says so in {@link VmDriver#status()} and tries again by itself.
     *
     * @throws IllegalArgumentException a setting is wrong; the message names the setting and the fix
     */
    VmDriver open(DriverSettings settings);
}
