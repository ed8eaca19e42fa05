package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.libvirt.Error.ErrorDomain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.Faults;
import org.libvirt.LibvirtException;

/**
 * A libvirtd in memory whose domains are small processes with a guest in this JVM. Tests stop it, kill it, have it lose
 * answers and refuse calls, and see what was asked of it.
 */
final class FakeLibvirt implements HypervisorConnection.Opener, GuestMemory.Opener, AutoCloseable {

    static final String URI = "fake:///";

    private enum Health { WELL, STOPPED, GONE }

    /** What becomes of the next call of a name. */
    private enum Fault { LOST_BEFORE, LOST_AFTER, REFUSED, OUT_OF_MEMORY, HANGS_AFTER }

    private final Map<String, FakeDomain> domains = new ConcurrentHashMap<>();
    private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final FakeGuest.Behaviour guests = new FakeGuest.Behaviour();
    private Health health = Health.WELL;
    private Optional<LibvirtException> refusal = Optional.empty();
    private int epoch;
    private volatile int open;

    /** From now on no call returns, as after SIGSTOP. */
    synchronized void stop() {
        health = Health.STOPPED;
    }

    /** Nobody listens any more; connections are lost. Domains go on. */
    synchronized void kill() {
        health = Health.GONE;
        epoch++;
        notifyAll();
    }

    /** Answers again: what hung goes on, what was lost stays lost. */
    synchronized void goOn() {
        health = Health.WELL;
        notifyAll();
    }

    /** No connection is let in, for a reason that only a person can mend. */
    synchronized void refuse() {
        refusal = Optional.of(Faults.of(ErrorNumber.VIR_ERR_AUTH_FAILED, ErrorDomain.VIR_FROM_RPC, "authentication failed"));
    }

    /** The connection breaks before the next call of this name is carried out. */
    void loseBefore(String call) {
        fault(call, Fault.LOST_BEFORE);
    }

    /** The next call of this name is carried out, and its answer is lost. */
    void loseAnswer(String call) {
        fault(call, Fault.LOST_AFTER);
    }

    /** libvirt refuses the next call of this name. */
    void refuse(String call) {
        fault(call, Fault.REFUSED);
    }

    /** The next call of this name is carried out only when {@link #goOn()} is called, long after its caller has left. */
    void hang(String call) {
        fault(call, Fault.HANGS_AFTER);
    }

    /** The kernel refuses QEMU its memory at the next call of this name. */
    void outOfMemory(String call) {
        fault(call, Fault.OUT_OF_MEMORY);
    }

    private void fault(String call, Fault fault) {
        faults.computeIfAbsent(call, c -> new ConcurrentLinkedQueue<>()).add(fault);
    }

    /** What was asked since the last time, such as {@code resume agrt-a-s01}. */
    List<String> calls() {
        List<String> seen = List.copyOf(calls);
        calls.clear();
        return seen;
    }

    /** Those whose process lives; libvirt forgets a domain with its process. */
    Map<String, FakeDomain> domains() {
        domains.values().removeIf(domain -> !domain.alive());
        return domains;
    }

    /** How its guests behave; new and old ones. */
    FakeGuest.Behaviour guests() {
        return guests;
    }

    /** Connections that were opened and not closed. */
    int openConnections() {
        return open;
    }

    Hypervisor hypervisor(CallLimits limits) {
        return new Hypervisor(List.of(URI), this, limits);
    }

    @Override
    public synchronized HypervisorConnection open(String uri) throws LibvirtException {
        calls.add("open");
        await();
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        if (health == Health.GONE) {
            throw Faults.of(ErrorNumber.VIR_ERR_SYSTEM_ERROR, ErrorDomain.VIR_FROM_RPC, "Failed to connect socket: No such file or directory");
        }
        open++;
        return new Connection(epoch);
    }

    private synchronized void await() {
        while (health == Health.STOPPED) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The memory of a domain's process. */
    @Override
    public GuestMemory open(QemuProcess process, Path template) throws IOException {
        return domains().values().stream().filter(domain -> domain.pid() == process.pid()).map(FakeDomain::memory).findFirst()
                .orElseThrow(() -> new IOException("there is no process " + process.pid()));
    }

    @Override
    public void close() {
        goOn();
        domains.values().forEach(FakeDomain::end);
    }

    private interface Deed<T> {
        T run() throws LibvirtException;
    }

    private final class Connection implements HypervisorConnection {

        private final int since;
        private boolean broken;

        Connection(int since) {
            this.since = since;
        }

        private <T> T call(String what, String domain, Deed<T> deed) throws LibvirtException {
            calls.add(domain.isEmpty() ? what : what + " " + domain);
            await();
            Optional<Fault> fault = Optional.ofNullable(faults.get(what)).map(Queue::poll);
            if (!alive() || fault.filter(Fault.LOST_BEFORE::equals).isPresent()) {
                broken = true;
                throw Faults.connectionLost();
            }
            if (fault.filter(Fault.REFUSED::equals).isPresent()) {
                throw Faults.of(ErrorNumber.VIR_ERR_INTERNAL_ERROR, ErrorDomain.VIR_FROM_QEMU, what + " was refused");
            }
            if (fault.filter(Fault.HANGS_AFTER::equals).isPresent()) {
                stop();
                await();
            }
            if (fault.filter(Fault.OUT_OF_MEMORY::equals).isPresent()) {
                throw Faults.of(ErrorNumber.VIR_ERR_INTERNAL_ERROR, ErrorDomain.VIR_FROM_QEMU, "cannot set up guest memory: Cannot allocate memory");
            }
            T result = deed.run();
            if (fault.filter(Fault.LOST_AFTER::equals).isPresent()) {
                broken = true;
                throw Faults.connectionLost();
            }
            return result;
        }

        @Override
        public String uri() {
            return URI;
        }

        @Override
        public int ping() throws LibvirtException {
            return call("ping", "", domains()::size);
        }

        @Override
        public long version() throws LibvirtException {
            return call("version", "", () -> 9_000_000L);
        }

        @Override
        public long qemuVersion() throws LibvirtException {
            return call("qemuVersion", "", () -> 7_002_022L);
        }

        @Override
        public String capabilities() throws LibvirtException {
            return call("capabilities", "", () -> """
                    <capabilities><guest><os_type>hvm</os_type><arch name="x86_64"><emulator>/bin/sh</emulator>
                    <machine canonical="pc-q35-7.2">q35</machine><domain type="qemu"/></arch></guest></capabilities>""");
        }

        @Override
        public boolean alive() {
            return !broken && since == epoch;
        }

        @Override
        public void create(String xml, int flags) throws LibvirtException {
            FakeDomain domain = FakeDomain.of(xml, flags, guests);
            call("create", domain.name(), () -> {
                domain.start();
                domains.put(domain.name(), domain);
                return domain;
            });
        }

        @Override
        public <T> T domain(String name, Call<T> what) throws LibvirtException {
            if (!alive()) {
                throw Faults.connectionLost();
            }
            await();
            FakeDomain domain = domains.get(name);
            if (domain == null || !domain.alive()) {
                calls.add("lookup " + name);
                throw Faults.of(ErrorNumber.VIR_ERR_NO_DOMAIN, ErrorDomain.VIR_FROM_QEMU, "Domain not found: " + name);
            }
            return what.on(new Handle(domain));
        }

        @Override
        public List<String> domainNames() throws LibvirtException {
            return call("list", "", () -> new ArrayList<>(domains().keySet()));
        }

        @Override
        public void close() {
            open--;
        }

        private final class Handle implements DomainHandle {

            private final FakeDomain domain;

            Handle(FakeDomain domain) {
                this.domain = domain;
            }

            @Override
            public String name() {
                return domain.name();
            }

            @Override
            public State state() throws LibvirtException {
                return call("state", name(), domain::state);
            }

            @Override
            public String description() throws LibvirtException {
                return call("describe", name(), domain::xml);
            }

            @Override
            public void destroy() throws LibvirtException {
                call("destroy", name(), () -> {
                    domains.remove(name());
                    domain.end();
                    return domain;
                });
            }

            @Override
            public long cpuNanos() throws LibvirtException {
                return call("cpu", name(), () -> 5_000_000L);
            }

            @Override
            public long residentBytes() throws LibvirtException {
                return call("memory", name(), () -> 64L << 20);
            }

        }
    }
}
