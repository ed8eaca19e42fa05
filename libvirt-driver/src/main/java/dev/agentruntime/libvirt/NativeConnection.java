package dev.agentruntime.libvirt;

import java.util.ArrayList;
import java.util.List;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;
import org.libvirt.jna.Libvirt;

/** A connection of libvirt's client library. Throws IllegalStateException when it is used after {@link #close()}. */
final class NativeConnection implements HypervisorConnection {

    /** Kept for ever: libvirt holds on to it. Errors reach us as exceptions; without this libvirt prints them to stderr as well. */
    private static final Libvirt.VirErrorCallback SILENT = (data, error) -> { };

    private static final int ACTIVE = Connect.ConnectListAllDomainsFlags.CONNECT_LIST_DOMAINS_ACTIVE;

    private final String uri;
    private volatile Connect connect;

    private NativeConnection(String uri, Connect connect) {
        this.uri = uri;
        this.connect = connect;
    }

    static NativeConnection open(String uri) throws LibvirtException {
        Connect.setErrorCallback(SILENT);
        return new NativeConnection(uri, new Connect(uri, false));
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public int ping() throws LibvirtException {
        return connect().numOfDomains();
    }

    @Override
    public long version() throws LibvirtException {
        return connect().getLibVirVersion();
    }

    @Override
    public long qemuVersion() throws LibvirtException {
        return connect().getVersion();
    }

    @Override
    public String capabilities() throws LibvirtException {
        return connect().getCapabilities();
    }

    @Override
    public boolean alive() {
        try {
            return connect().isAlive();
        } catch (LibvirtException e) {
            return false;
        }
    }

    @Override
    public void create(String xml, int flags) throws LibvirtException {
        new NativeDomain(connect().domainCreateXML(xml, flags)).close();
    }

    @Override
    public <T> T domain(String name, Call<T> what) throws LibvirtException {
        try (NativeDomain domain = new NativeDomain(connect().domainLookupByName(name))) {
            return what.on(domain);
        }
    }

    @Override
    public List<String> domainNames() throws LibvirtException {
        List<String> names = new ArrayList<>();
        for (Domain domain : connect().listAllDomains(ACTIVE)) {
            try (NativeDomain handle = new NativeDomain(domain)) {
                names.add(handle.name());
            }
        }
        return names;
    }

    /** The native connection may be passed to libvirt: it is not freed, since only close() frees it and runs when no call does. */
    private Connect connect() {
        Connect open = connect;
        if (open == null) {
            throw new IllegalStateException("the connection to " + uri + " has been closed");
        }
        return open;
    }

    @Override
    public void close() {
        Connect closed = connect;
        connect = null;
        if (closed != null) {
            try {
                closed.close();
            } catch (LibvirtException e) {
                DriverMessage.HANDLE_NOT_FREED.log(e, "connection to " + uri, e.getMessage());
            }
        }
    }
}
