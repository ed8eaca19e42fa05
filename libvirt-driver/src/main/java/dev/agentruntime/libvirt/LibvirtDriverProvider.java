package dev.agentruntime.libvirt;

import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverProvider;
import org.osgi.service.component.annotations.Component;

/** Opens hypervisors through libvirt. Needs libvirt's client library on the host, which is looked for at the first connection. */
@Component(service = VmDriverProvider.class)
public final class LibvirtDriverProvider implements VmDriverProvider {

    /** No host, and no way to one; {@code test} is libvirt's own driver for tests. */
    private static final String LOCAL = "auto|(qemu|test)(\\+unix)?:///.*";

    @Override
    public VmDriver open(DriverSettings settings) {
        if (!settings.serverId().matches("[a-z0-9]{1,16}")) {
            throw new IllegalArgumentException("serverId '" + settings.serverId() + "' must be 1 to 16 of a-z and 0-9");
        }
        if (!settings.acceleration().matches("auto|kvm|tcg")) {
            throw new IllegalArgumentException("acceleration '" + settings.acceleration() + "' must be auto, kvm or tcg");
        }
        if (!settings.hypervisor().matches(LOCAL)) {
            throw new IllegalArgumentException("hypervisor '" + settings.hypervisor() + "' must be auto, qemu:///system, qemu:///session or"
                    + " another URI of a libvirtd on this machine: the server reaches its VMs by files and sockets, which another machine's are not");
        }
        return new LibvirtDriver(settings);
    }
}
