package dev.agentruntime.libvirt;

import org.libvirt.LibvirtException;

/** A domain while a call works on it; of no use afterwards. For one thread. */
interface DomainHandle {

    /** What libvirt says of a domain, as far as it matters here. */
    enum State { RUNNING, PAUSED, OTHER }

    String name() throws LibvirtException;

    State state() throws LibvirtException;

    /** libvirt's description of it, as XML. */
    String description() throws LibvirtException;

    void destroy() throws LibvirtException;

    long cpuNanos() throws LibvirtException;

    long residentBytes() throws LibvirtException;
}
