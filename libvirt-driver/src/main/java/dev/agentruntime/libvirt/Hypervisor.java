package dev.agentruntime.libvirt;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.libvirt.LibvirtException;

/**
 * libvirtd, found again after it was restarted. Thread-safe. Holds no state of VMs: they are looked up by name at every
 * call, so that they outlive any number of connections. Every method waits for libvirtd no longer than its limit, and throws
 * HypervisorAwayException when that has passed or libvirtd cannot be reached.
 */
final class Hypervisor implements AutoCloseable {

    private final Connector connector;
    private final Calls calls;
    private final CallLimits limits;
    /** Names whose creation libvirtd may still be about. */
    private final Set<String> creating = ConcurrentHashMap.newKeySet();

    /** @param uris connection URIs, tried in this order */
    Hypervisor(List<String> uris) {
        this(uris, NativeConnection::open, CallLimits.USUAL);
    }

    Hypervisor(List<String> uris, HypervisorConnection.Opener opener, CallLimits limits) {
        this.connector = new Connector(uris, opener, limits);
        this.calls = new Calls(connector, limits);
        this.limits = limits;
    }

    String uri() {
        return connector.uri();
    }

    /** Asks libvirtd something small. */
    void ping() {
        call("Asking", "libvirtd", limits.quick(), HypervisorConnection::ping);
    }

    /** libvirt's version, such as 9.0.0. */
    String version() {
        return dotted(call("Asking", "libvirtd", limits.quick(), HypervisorConnection::version));
    }

    /** QEMU's version, such as 7.2.22. */
    String qemuVersion() {
        return dotted(call("Asking", "libvirtd for QEMU's version", limits.slow(), HypervisorConnection::qemuVersion));
    }

    private static String dotted(long v) {
        return v / 1_000_000 + "." + v / 1000 % 1000 + "." + v % 1000;
    }

    String capabilities() {
        return call("Reading the capabilities of", "libvirtd", limits.slow(), HypervisorConnection::capabilities);
    }

    List<String> domainNames() {
        return call("Listing the VMs of", "libvirtd", limits.quick(), HypervisorConnection::domainNames);
    }

    /**
     * Creates and starts a transient domain. Is not repeated when the connection breaks, so {@link #ping()} first.
     *
     * @throws HypervisorAwayException it may have been created or not, or may yet be: destroy it
     * @throws NoRoomException         the kernel has no memory for it
     */
    void create(Machine machine, String xml, int flags) {
        String name = machine.name();
        try {
            calls.make("Creating the VM " + name, limits.slow(), c -> {
                creating.add(name);
                try {
                    c.create(xml, flags);
                } finally {
                    creating.remove(name);
                }
                return name;
            });
        } catch (Calls.LostException e) {
            throw LibvirtErrors.lost("Creating", "the VM " + name, e.getCause());
        } catch (LibvirtException e) {
            if (LibvirtErrors.noMemory(e)) {
                throw new NoRoomException("Creating the VM " + name + " failed: " + LibvirtErrors.message(e)
                        + ". End sessions, or give the host more memory", machine.memoryBytes());
            }
            throw LibvirtErrors.explain("Creating", "the VM " + name, e);
        }
    }

    /**
     * Ends a domain; one that is not there is fine.
     *
     * @throws HypervisorAwayException among others when libvirtd may still be about its creation
     */
    void destroy(String name) {
        if (creating.contains(name)) {
            throw new HypervisorAwayException("Destroying the VM " + name + " has to wait: libvirtd has not finished its creation yet");
        }
        call("Destroying", "the VM " + name, limits.end(), c -> {
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

    /** What libvirt says of a domain; empty when the domain is gone. */
    Optional<DomainHandle.State> state(String name) {
        return unlessGone("Looking at", name, DomainHandle::state);
    }

    /** libvirt's description of a domain, as XML; empty when the domain is gone. */
    Optional<String> description(String name) {
        return unlessGone("Looking at", name, DomainHandle::description);
    }

    /** CPU nanoseconds as libvirt counts them; empty when the domain is gone. */
    Optional<Long> cpuNanos(String name) {
        return unlessGone("Measuring", name, DomainHandle::cpuNanos);
    }

    /** Resident memory as libvirt sees it, pages shared with the template included; empty when the domain is gone. */
    Optional<Long> residentBytes(String name) {
        return unlessGone("Measuring", name, DomainHandle::residentBytes);
    }

    private <T> Optional<T> unlessGone(String action, String name, HypervisorConnection.Call<T> what) {
        return call(action, "the VM " + name, limits.quick(), c -> {
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

    /** Every call through here may be made twice: the second time when libvirtd had been restarted in between. */
    private <T> T call(String action, String object, Duration limit, Line.Call<T> what) {
        String sentence = action + " " + object;
        try {
            try {
                return calls.make(sentence, limit, what);
            } catch (Calls.LostException e) {
                return calls.make(sentence, limit, what);
            }
        } catch (Calls.LostException e) {
            throw LibvirtErrors.lost(action, object, e.getCause());
        } catch (LibvirtException e) {
            throw LibvirtErrors.explain(action, object, e);
        }
    }

    @Override
    public void close() {
        connector.close();
    }
}
