package dev.agentruntime.spi.fake;

import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoDiskRoomException;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverProvider;
import dev.agentruntime.spi.VmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A hypervisor in memory, whose VMs hold a {@link FakeAgent}. Thread-safe. */
public final class FakeDriver implements VmDriver, VmDriverProvider {

    /** Where a test can have it fail or wait. */
    public enum Step { SURVEY, ADOPT, RECLAIM, PREPARE, START, AHEAD, BEGIN, CONNECT, READ, PING, PAUSE, RESUME, FAREWELL, DESTROY, SNAPSHOT, RESTORE, REOPEN, DROP }

    private final Failures failures = new Failures();
    private final AtomicInteger counter = new AtomicInteger();
    private final List<FakeVm> everStarted = new CopyOnWriteArrayList<>();
    private final Map<String, FakeVm> live = new ConcurrentHashMap<>();
    private final Map<String, FakeVm> left = new ConcurrentHashMap<>();
    private final List<AgentSpec> prepared = new CopyOnWriteArrayList<>();
    private final List<AgentSpec> closedTemplates = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "fake-guest");
        thread.setDaemon(true);
        return thread;
    });
    private volatile FakeAgent agent = FakeAgent.echo();
    private volatile StartMode templateMode = StartMode.CLONE;
    private volatile Map<String, MeterReading> leftovers = Map.of();
    private volatile Map<String, String> stuck = Map.of();
    private final Set<FakeSnapshot> snapshots = ConcurrentHashMap.newKeySet();
    /** Those that this run of the server has made or taken up. */
    private final Set<FakeSnapshot> known = ConcurrentHashMap.newKeySet();
    private volatile long snapshotBytes = 1 << 20;

    public Failures failures() {
        return failures;
    }

    /** What the guests answer from now on. */
    public void agent(FakeAgent answers) {
        agent = answers;
    }

    /** How templates that are prepared from now on start their VMs: {@code CLONE} or {@code BOOT}. */
    public void templateMode(StartMode mode) {
        templateMode = mode;
    }

    FakeAgent agent() {
        return agent;
    }

    /** The server is killed: its VMs go on, and its next run finds them and what is on the disk. */
    public void crash() {
        live().forEach(Vm::leave);
        known.clear();
    }

    /** What the server's next run would find if it were killed at this moment; nothing changes here. */
    public FakeDriver ifItCrashedNow() {
        FakeDriver next = new FakeDriver();
        next.counter.set(counter.get());
        next.snapshotBytes = snapshotBytes;
        Stream.concat(live().stream(), left().stream()).map(vm -> vm.of(next)).forEach(vm -> {
            next.everStarted.add(vm);
            next.left.put(vm.name(), vm);
        });
        snapshots.forEach(file -> next.snapshots.add(file.of(next)));
        return next;
    }

    /** Those that were left to the next run of the server. */
    public List<FakeVm> left() {
        return new ArrayList<>(left.values());
    }

    /** What {@link #reclaim} finds besides the VMs that were left. */
    public void leftovers(Map<String, MeterReading> byVm) {
        leftovers = Map.copyOf(byVm);
    }

    /** What {@link #reclaim} cannot destroy, and why. */
    public void stuck(Map<String, String> byVm) {
        stuck = Map.copyOf(byVm);
    }

    /** Every VM that was started, in this order. */
    public List<FakeVm> started() {
        return List.copyOf(everStarted);
    }

    /** Those not destroyed yet. */
    public List<FakeVm> live() {
        return new ArrayList<>(live.values());
    }

    public List<AgentSpec> prepared() {
        return List.copyOf(prepared);
    }

    public List<AgentSpec> closedTemplates() {
        return List.copyOf(closedTemplates);
    }

    /** VMs on the disk. */
    public List<FakeSnapshot> snapshots() {
        return new ArrayList<>(snapshots);
    }

    /** What each VM that is put on the disk takes from now on. */
    public void snapshotBytes(long bytes) {
        snapshotBytes = bytes;
    }

    FakeSnapshot snapshot(FakeVm vm, long mostBytes) {
        if (snapshotBytes > mostBytes) {
            throw new NoDiskRoomException("The fake VM takes more than " + mostBytes + " bytes.");
        }
        FakeSnapshot snapshot = new FakeSnapshot(vm, this, snapshotBytes, counter.incrementAndGet());
        known.add(snapshot);
        snapshots.add(snapshot);
        return snapshot;
    }

    void forget(FakeSnapshot snapshot) {
        known.remove(snapshot);
        snapshots.remove(snapshot);
    }

    FakeVm restored(FakeVm original, String memory) {
        FakeVm vm = new FakeVm(original.name().replaceFirst("-[0-9]+$", "") + "-" + counter.incrementAndGet(), StartMode.CLONE, original.tenant(), this);
        vm.like(original, memory);
        everStarted.add(vm);
        live.put(vm.name(), vm);
        return vm;
    }

    ExecutorService threads() {
        return threads;
    }

    void gone(FakeVm vm) {
        live.remove(vm.name(), vm);
        left.remove(vm.name(), vm);
    }

    void left(FakeVm vm) {
        if (live.remove(vm.name(), vm)) {
            left.put(vm.name(), vm);
        }
    }

    @Override
    public VmDriver open(DriverSettings settings) {
        return this;
    }

    @Override
    public HypervisorStatus status() {
        return new HypervisorStatus(true, true, "fake hypervisor in memory");
    }

    @Override
    public AgentTemplate prepare(AgentSpec spec, Consumer<String> progress) {
        progress.accept("Deploying the WAR into a fake guest.");
        failures.meet(Step.PREPARE);
        prepared.add(spec);
        return new Template(spec);
    }

    @Override
    public List<FoundVm> survey() {
        failures.meet(Step.SURVEY);
        return Stream.concat(leftovers.keySet().stream().map(name -> new FoundVm(name, FoundVm.State.RUNNING)), left.values().stream().map(FakeVm::found))
                .sorted(Comparator.comparing(FoundVm::name)).toList();
    }

    @Override
    public Vm adopt(String name, StartMode startMode) {
        failures.meet(Step.ADOPT);
        FakeVm vm = Optional.ofNullable(left.get(name)).orElseThrow(() -> new VmException("The guest of the VM " + name + " does not answer."));
        vm.goOnAgain();
        left.remove(name);
        live.put(name, vm);
        return vm;
    }

    @Override
    public Snapshot reopen(SnapshotKey key) {
        failures.meet(Step.REOPEN);
        FakeSnapshot found = snapshots.stream().filter(snapshot -> snapshot.key().equals(key)).findFirst()
                .orElseThrow(() -> new VmException("The VM is not on the disk any more."));
        known.add(found);
        return found;
    }

    @Override
    public Reclaimed reclaim(Set<String> spared) {
        failures.meet(Step.RECLAIM);
        Map<String, String> notGone = new HashMap<>(stuck);
        notGone.keySet().removeAll(spared);
        Map<String, MeterReading> kept = new HashMap<>(leftovers);
        kept.keySet().removeIf(vm -> !notGone.containsKey(vm) && !spared.contains(vm));
        Map<String, MeterReading> destroyed = new HashMap<>(leftovers);
        destroyed.keySet().removeAll(kept.keySet());
        leftovers = Map.copyOf(kept);
        left().stream().filter(vm -> !notGone.containsKey(vm.name()) && !spared.contains(vm.name()))
                .forEach(vm -> destroyed.put(vm.name(), vm.destroy()));
        snapshots.retainAll(known);
        return new Reclaimed(destroyed, notGone);
    }

    @Override
    public void close() {
        live().forEach(Vm::destroy);
        if (left.isEmpty()) {
            threads.shutdownNow();
        }
    }

    private final class Template implements AgentTemplate {

        private final AgentSpec spec;
        private final StartMode mode = templateMode;

        Template(AgentSpec spec) {
            this.spec = spec;
        }

        @Override
        public StartMode startMode() {
            return mode;
        }

        @Override
        public long buildCpuNanos() {
            return 2_000_000_000L;
        }

        @Override
        public Vm start() {
            failures.meet(Step.START);
            return made(mode, Optional.empty());
        }

        @Override
        public Vm start(Tenant tenant) {
            failures.meet(Step.START);
            return made(mode, Optional.of(tenant));
        }

        @Override
        public Vm makeAhead() {
            failures.meet(Step.AHEAD);
            FakeVm vm = made(StartMode.PRIMED, Optional.empty());
            vm.stop();
            return vm;
        }

        private FakeVm made(StartMode mode, Optional<Tenant> tenant) {
            FakeVm vm = new FakeVm("fake-" + spec.runtime() + "-" + counter.incrementAndGet(), mode, tenant, FakeDriver.this);
            everStarted.add(vm);
            live.put(vm.name(), vm);
            return vm;
        }

        @Override
        public void close() {
            closedTemplates.add(spec);
        }
    }
}
