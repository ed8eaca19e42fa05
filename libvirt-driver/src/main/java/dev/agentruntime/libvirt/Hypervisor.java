package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.util.List;
import java.util.Optional;
import org.libvirt.LibvirtException;

/**
 * libvirtd, found again after it was restarted. Thread-safe. Holds no state of VMs: they are looked up by name at every
 * call, so that they outlive any number of connections.
 */
final class Hypervisor implements AutoCloseable {

    private interface Call<T> {
        T on(HypervisorConnection connection) throws LibvirtException;
    }

    private final List<String> uris;
    private HypervisorConnection current;
    private boolean closed;

    /** @param uris connection URIs, tried in this order */
    Hypervisor(List<String> uris) {
        this.uris = List.copyOf(uris);
    }

    String uri() {
        return connection().uri();
    }

    /** libvirt's version, such as 9.0.0; asks libvirtd. */
    String version() {
        return dotted(call("Asking", "libvirtd", HypervisorConnection::version));
    }

    /** QEMU's version, such as 7.2.22. */
    String qemuVersion() {
        return dotted(call("Asking", "libvirtd for QEMU's version", HypervisorConnection::qemuVersion));
    }

    private static String dotted(long v) {
        return v / 1_000_000 + "." + v / 1000 % 1000 + "." + v % 1000;
    }

    String capabilities() {
        return call("Reading the capabilities of", "libvirtd", HypervisorConnection::capabilities);
    }

    List<String> domainNames() {
        return call("Listing the VMs of", "libvirtd", HypervisorConnection::domainNames);
    }

    /** Creates and starts a transient domain. A lost connection is found out before, for a create must not be repeated. */
    void create(String name, String xml, int flags) {
        version();
        try {
            connection().create(xml, flags);
        } catch (LibvirtException e) {
            throw LibvirtErrors.explain("Creating", "the VM " + name, e);
        }
    }

    void suspend(String name) {
        onDomain("Pausing", name, d -> {
            d.suspend();
            return name;
        });
    }

    void resume(String name) {
        onDomain("Resuming", name, d -> {
            d.resume();
            return name;
        });
    }

    /** Ends a domain; one that is not there is fine. */
    void destroy(String name) {
        call("Destroying", "the VM " + name, c -> {
            try {
                return c.domain(name, d -> {
                    d.destroy();
                    return name;
                });
            } catch (LibvirtException e) {
                if (LibvirtErrors.noDomain(e) || LibvirtErrors.wrongState(e)) {
                    return name;
                }
                throw e;
            }
        });
    }

    String monitor(String name, String command) {
        return onDomain("Asking QEMU of", name, d -> d.monitor(command));
    }

    /** CPU nanoseconds as libvirt counts them; empty when the domain is gone. */
    Optional<Long> cpuNanos(String name) {
        return figure(name, DomainHandle::cpuNanos);
    }

    /** Resident memory as libvirt sees it, pages shared with the template included; empty when the domain is gone. */
    Optional<Long> residentBytes(String name) {
        return figure(name, DomainHandle::residentBytes);
    }

    private Optional<Long> figure(String name, HypervisorConnection.Call<Long> what) {
        return call("Measuring", "the VM " + name, c -> {
            try {
                return Optional.of(c.domain(name, what));
            } catch (LibvirtException e) {
                if (LibvirtErrors.noDomain(e) || LibvirtErrors.wrongState(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private <T> T onDomain(String action, String name, HypervisorConnection.Call<T> what) {
        return call(action, "the VM " + name, c -> c.domain(name, what));
    }

    /** Every call through here may be made twice: the second time when libvirtd had been restarted in between. */
    private <T> T call(String action, String object, Call<T> what) {
        HypervisorConnection connection = connection();
        try {
            return what.on(connection);
        } catch (LibvirtException e) {
            if (!LibvirtErrors.connectionLost(e) && connection.alive()) {
                throw LibvirtErrors.explain(action, object, e);
            }
            drop(connection);
            DriverMessage.RECONNECTING.log(connection.uri(), e.getMessage());
        }
        try {
            return what.on(connection());
        } catch (LibvirtException e) {
            throw LibvirtErrors.explain(action, object, e);
        }
    }

    private synchronized HypervisorConnection connection() {
        if (closed) {
            throw new VmException("The driver has been closed: open it again before using it");
        }
        if (current == null) {
            current = open();
        }
        return current;
    }

    private HypervisorConnection open() {
        VmException failure = null;
        for (String uri : uris) {
            try {
                return HypervisorConnection.open(uri);
            } catch (LibvirtException e) {
                VmException why = LibvirtErrors.explain("Connecting to", uri, e);
                if (failure == null) {
                    failure = why;
                } else {
                    failure.addSuppressed(why);
                }
            } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
                throw new VmException("libvirt's client library cannot be loaded (" + e.getMessage()
                        + "). Install it: apt-get install libvirt0, or dnf install libvirt-libs", e);
            }
        }
        throw failure;
    }

    private synchronized void drop(HypervisorConnection lost) {
        if (current == lost) {
            current = null;
            lost.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (current != null) {
            current.close();
            current = null;
        }
    }
}
