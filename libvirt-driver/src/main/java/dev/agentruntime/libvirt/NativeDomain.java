package dev.agentruntime.libvirt;

import org.libvirt.Domain;
import org.libvirt.LibvirtException;

/** A native reference to a domain, freed exactly once. Throws IllegalStateException when it is used after {@link #close()}. */
final class NativeDomain implements DomainHandle, AutoCloseable {

    private Domain domain;

    NativeDomain(Domain domain) {
        this.domain = domain;
    }

    @Override
    public String name() throws LibvirtException {
        return open().getName();
    }

    @Override
    public State state() throws LibvirtException {
        return switch (open().getInfo().state) {
            case VIR_DOMAIN_RUNNING, VIR_DOMAIN_BLOCKED -> State.RUNNING;
            case VIR_DOMAIN_PAUSED -> State.PAUSED;
            default -> State.OTHER;
        };
    }

    @Override
    public String description() throws LibvirtException {
        return open().getXMLDesc(0);
    }

    @Override
    public void destroy() throws LibvirtException {
        open().destroy();
    }

    @Override
    public long cpuNanos() throws LibvirtException {
        return open().getInfo().cpuTime;
    }

    @Override
    public long residentBytes() throws LibvirtException {
        final int rss = 7;
        for (var statistic : open().memoryStats(16)) {
            if (statistic.getTag() == rss) {
                return Math.multiplyExact(statistic.getValue(), 1024L);
            }
        }
        return 0;
    }

    /** The handle may be passed to libvirt: it is neither null nor freed, since only close() frees and clears it. */
    private Domain open() {
        if (domain == null) {
            throw new IllegalStateException("this reference to a domain has been closed");
        }
        return domain;
    }

    @Override
    public void close() {
        if (domain != null) {
            Domain freed = domain;
            domain = null;
            try {
                freed.free();
            } catch (LibvirtException e) {
                DriverMessage.HANDLE_NOT_FREED.log(e, "domain", e.getMessage());
            }
        }
    }
}
