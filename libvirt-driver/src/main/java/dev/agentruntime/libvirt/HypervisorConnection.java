package dev.agentruntime.libvirt;

import java.util.List;
import org.libvirt.LibvirtException;

/**
 * One connection to libvirtd. Thread-safe. Every method may block for as long as libvirtd likes, so it is called on the
 * threads of {@link Connector} alone. {@link #close()} is called once, when no other call is under way.
 */
interface HypervisorConnection extends AutoCloseable {

    /** What is done with a domain while libvirt holds it. */
    interface Call<T> {
        T on(DomainHandle domain) throws LibvirtException;
    }

    /** Makes connections. */
    interface Opener {
        HypervisorConnection open(String uri) throws LibvirtException;
    }

    String uri();

    /** Asks libvirtd something small, which the client library cannot answer from what it remembers. */
    int ping() throws LibvirtException;

    /** libvirt's version. */
    long version() throws LibvirtException;

    /** QEMU's version. */
    long qemuVersion() throws LibvirtException;

    String capabilities() throws LibvirtException;

    /** Whether its socket is open as far as this process knows. Asks nobody. */
    boolean alive();

    void create(String xml, int flags) throws LibvirtException;

    <T> T domain(String name, Call<T> what) throws LibvirtException;

    /** Of the domains that run or are paused. */
    List<String> domainNames() throws LibvirtException;

    @Override
    void close();
}
