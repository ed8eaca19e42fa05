package dev.agentruntime.libvirt;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.jna.Libvirt;

/** One native connection to libvirtd. Thread-safe; throws when used after {@link #close()}, which waits for calls in progress. */
final class HypervisorConnection implements AutoCloseable {

    interface Call<T> {
        T on(DomainHandle domain) throws LibvirtException;
    }

    private interface NativeCall<T> {
        T on(Connect connect) throws LibvirtException;
    }

    /** Kept for ever: libvirt holds on to it. Errors reach us as exceptions; without this libvirt prints them to stderr as well. */
    private static final Libvirt.VirErrorCallback SILENT = (data, error) -> { };

    private static final int ACTIVE = Connect.ConnectListAllDomainsFlags.CONNECT_LIST_DOMAINS_ACTIVE;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final String uri;
    private Connect connect;

    private HypervisorConnection(String uri, Connect connect) {
        this.uri = uri;
        this.connect = connect;
    }

    static HypervisorConnection open(String uri) throws LibvirtException {
        Connect.setErrorCallback(SILENT);
        return new HypervisorConnection(uri, new Connect(uri, false));
    }

    String uri() {
        return uri;
    }

    /** Asks libvirtd something small. */
    long version() throws LibvirtException {
        return call(Connect::getLibVirVersion);
    }

    /** QEMU's version. */
    long qemuVersion() throws LibvirtException {
        return call(Connect::getVersion);
    }

    String capabilities() throws LibvirtException {
        return call(Connect::getCapabilities);
    }

    boolean alive() {
        try {
            return call(Connect::isAlive);
        } catch (LibvirtException e) {
            return false;
        }
    }

    void create(String xml, int flags) throws LibvirtException {
        call(c -> {
            new DomainHandle(c.domainCreateXML(xml, flags)).close();
            return null;
        });
    }

    <T> T domain(String name, Call<T> what) throws LibvirtException {
        return call(c -> {
            try (DomainHandle handle = new DomainHandle(c.domainLookupByName(name))) {
                return what.on(handle);
            }
        });
    }

    /** Of those that run or are paused. */
    List<String> domainNames() throws LibvirtException {
        return call(c -> {
            List<String> names = new ArrayList<>();
            for (Domain domain : c.listAllDomains(ACTIVE)) {
                try (DomainHandle handle = new DomainHandle(domain)) {
                    names.add(handle.name());
                }
            }
            return names;
        });
    }

    /** The read lock keeps close() from freeing the native connection while libvirt works on it. */
    private <T> T call(NativeCall<T> what) throws LibvirtException {
        lock.readLock().lock();
        try {
            if (connect == null) {
                throw new IllegalStateException("the connection to " + uri + " has been closed");
            }
            return what.on(connect);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (connect != null) {
                Connect closed = connect;
                connect = null;
                closed.close();
            }
        } catch (LibvirtException e) {
            DriverMessage.HANDLE_NOT_FREED.log(e, "connection to " + uri, e.getMessage());
        } finally {
            lock.writeLock().unlock();
        }
    }
}
