package dev.agentruntime.libvirt;

import org.libvirt.Domain;
import org.libvirt.LibvirtException;

/** A native reference to a domain, freed exactly once. For one thread; throws when used after {@link #close()}. */
final class DomainHandle implements AutoCloseable {

    private Domain domain;

    DomainHandle(Domain domain) {
        this.domain = domain;
    }

    String name() throws LibvirtException {
        return open().getName();
    }

    void suspend() throws LibvirtException {
        open().suspend();
    }

    void resume() throws LibvirtException {
        open().resume();
    }

    void destroy() throws LibvirtException {
        open().destroy();
    }

    long cpuNanos() throws LibvirtException {
        return open().getInfo().cpuTime;
    }

    long residentBytes() throws LibvirtException {
        final int rss = 7;
        for (var statistic : open().memoryStats(16)) {
            if (statistic.getTag() == rss) {
                return Math.multiplyExact(statistic.getValue(), 1024L);
            }
        }
        return 0;
    }

    String monitor(String command) throws LibvirtException {
        return open().qemuMonitorCommand(command, 0);
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
