package dev.agentruntime.libvirt;

import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.channel.Reactor;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The libvirt driver: holds its parts together. */
final class LibvirtDriver implements VmDriver {

    private static final long MIB = 1L << 20;
    private static final long LARGEST_CACHE = 16L << 30;
    private static final int TURN_SECONDS = 5;

    private final DriverSettings settings;
    private final Directories directories;
    private final ServerLock lock;
    private final Hypervisor hypervisor;
    private final PatientExecutor executor;
    private final ScheduledExecutorService watch;
    private final ScheduledExecutorService clock;
    private final Reactor reactor;
    private final Reactor wayOut;
    private final TemplateStore store;
    private final Fence fence;
    private final Snapshots snapshots;
    private final Machines machines;
    private final Fleet fleet;
    private final Starts starts;
    private final TemplateMaker maker;
    private final HypervisorWatch hypervisorWatch;

    /** @throws IllegalArgumentException a setting is wrong */
    LibvirtDriver(DriverSettings settings) {
        this(settings, NativeConnection::open, CallLimits.USUAL, HostMemory.ofThisHost(settings.memoryOvercommit()), ProcessMemory::open);
    }

    LibvirtDriver(DriverSettings settings, HypervisorConnection.Opener opener, CallLimits limits, HostMemory memory, GuestMemory.Opener guests) {
        this.settings = settings;
        this.directories = Directories.of(settings.stateDirectory(), settings.serverId());
        try {
            directories.create();
            this.lock = ServerLock.take(directories);
            this.executor = new PatientExecutor(Executors.newCachedThreadPool(DaemonThreads.named("agent-runtime-vm")));
            this.reactor = new Reactor(executor);
            this.wayOut = new Reactor(executor, "agent-way-out");
            this.store = new TemplateStore(directories.templates(), settings.serverId(), cacheBound(directories.state()));
        } catch (IOException e) {
            throw new IllegalArgumentException("stateDirectory " + settings.stateDirectory() + " cannot be used: " + e
                    + ". Name a directory this user may write to", e);
        }
        List<String> uris = uris(settings.hypervisor());
        this.hypervisor = new Hypervisor(uris, opener, limits);
        Optional<Partitions> partitions = PartitionSupport.find(uris.get(0), settings.serverId());
        this.fence = Fence.probe(settings.limits(), partitions, settings.serverId());
        this.machines = new Machines(hypervisor, directories, partitions, fence);
        this.fleet = new Fleet(memory, executor);
        Creator creator = new Creator(machines, fleet);
        HostLinks links = new HostLinks(reactor, wayOut);
        this.snapshots = new Snapshots(directories, store, guests, new BoundedDisk(directories.snapshots(), executor));
        this.starts = new Starts(creator, fleet, links, snapshots, executor);
        this.maker = new TemplateMaker(creator, fleet, links, executor);
        this.hypervisorWatch = new HypervisorWatch(settings, hypervisor, directories, partitions.isPresent());
        this.watch = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("agent-runtime-libvirt"));
        watch.scheduleWithFixedDelay(hypervisorWatch::lookIfDue, 0, HypervisorWatch.PERIOD_AWAY.toMillis(), TimeUnit.MILLISECONDS);
        this.clock = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("agent-runtime-vm-clock"));
        clock.scheduleWithFixedDelay(this::turn, TURN_SECONDS, TURN_SECONDS, TimeUnit.SECONDS);
    }

    private void turn() {
        try {
            executor.retry();
            fleet.measure();
            fleet.sweep();
        } catch (Throwable e) { // whatever it is, the next turn comes
            DriverMessage.TURN_FAILED.log(e, e);
        }
    }

    /**
     * The system's libvirtd takes root: QEMU runs as another user there, to whom the driver gives templates. Anybody
     * else has a libvirtd of his own.
     */
    private static List<String> uris(String setting) {
        if (!setting.equals("auto")) {
            return List.of(setting);
        }
        return List.of(HostInspection.isRoot() ? "qemu:///system" : "qemu:///session");
    }

    private static long cacheBound(Path state) throws IOException {
        return Math.min(LARGEST_CACHE, Files.getFileStore(state).getTotalSpace() / 4);
    }

    @Override
    public HypervisorStatus status() {
        HypervisorStatus seen = hypervisorWatch.status();
        return seen.reachable() ? new HypervisorStatus(true, seen.imagePresent(), seen.description() + ", " + fence.description()) : seen;
    }

    @Override
    public AgentTemplate prepare(AgentSpec spec, Consumer<String> progress) {
        GuestImage image = image();
        HostProfile host = hypervisorWatch.profile();
        long memory = (spec.memoryBytes() + MIB - 1) / MIB * MIB;
        AgentWar agent = AgentWar.of(spec, image);
        GuestPlan plan = new GuestPlan(host, image, memory, spec.vcpus(), agent.provision().hearsItsEnd(), !agent.provision().features().isEmpty());
        return new AgentPreparer(starts, maker, store, plan, agent, progress).run();
    }

    private GuestPlan plan(long memoryBytes, int vcpus, boolean hearsItsEnd, boolean addsFeatures) {
        return new GuestPlan(hypervisorWatch.profile(), image(), memoryBytes, vcpus, hearsItsEnd, addsFeatures);
    }

    private GuestImage image() {
        return new PlacedImages(directories).place(GuestImage.read(settings.imageDirectory()));
    }

    @Override
    public Snapshot reopen(SnapshotKey key) {
        return snapshots.reopen(SavedVmKey.of(key), this::plan, starts);
    }

    @Override
    public List<FoundVm> survey() {
        return new Leftovers(machines, store, fleet).find();
    }

    @Override
    public Vm adopt(String name, StartMode startMode) {
        return starts.adopt(name, startMode, this::plan);
    }

    @Override
    public Reclaimed reclaim(Set<String> spared) {
        Reclaimed reclaimed = new Leftovers(machines, store, fleet).remove(spared);
        tidySnapshots();
        new EndedServers(directories, hypervisor).prune();
        return reclaimed;
    }

    private void tidySnapshots() {
        try {
            snapshots.tidy();
        } catch (IOException e) {
            DriverMessage.CLEANUP_FAILED.log(e, "VMs that an earlier run had put on the disk", e.getMessage());
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
        clock.shutdownNow();
        try {
            fleet.destroyAll();
            machines.partitions().ifPresent(LibvirtDriver::removeParent);
        } finally {
            reactor.close();
            wayOut.close();
            hypervisor.close();
            executor.close();
            lock.close();
        }
    }

    private static void removeParent(Partitions partitions) {
        try {
            if (partitions.present().isEmpty()) {
                partitions.removeParent();
            }
        } catch (IOException e) {
            DriverMessage.CLEANUP_FAILED.log(e, "the server's control group", e.getMessage());
        }
    }
}
