package dev.agentruntime.libvirt;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/** The ways to a VM. Thread-safe; the methods block, and leave nothing behind when they fail. */
final class Starts {

    static final Duration CLONE_LIMIT = Duration.ofSeconds(60);
    /** A guest that is busy answers later than one that waits. */
    private static final Duration ADOPTION_LIMIT = Duration.ofSeconds(30);
    /** What would be compiled in more rounds is in the templates, and each round is memory of every VM's own. */
    private static final int PRIMING_ROUNDS = 3;

    private final Creator creator;
    private final Fleet fleet;
    private final HostLinks links;
    private final Snapshots snapshots;
    private final Executor executor;

    /** @param snapshots where VMs are that were put on the disk */
    Starts(Creator creator, Fleet fleet, HostLinks links, Snapshots snapshots, Executor executor) {
        this.snapshots = snapshots;
        this.creator = creator;
        this.fleet = fleet;
        this.links = links;
        this.executor = executor;
    }

    /**
     * Does what VMs are needed for. What fails while the driver is being closed fails for that: it says nothing about a rung, a
     * template or the host.
     *
     * @throws HypervisorAwayException the driver is being closed
     */
    <T> T unlessClosing(Supplier<T> work) {
        try {
            return work.get();
        } catch (VmException e) {
            fleet.refuseWhenClosing(e);
            throw e;
        }
    }

    /** A clone that runs. */
    LibvirtVm cloneOf(Template template, GuestPlan plan) {
        return cloneOf(template, plan, () -> { });
    }

    /** A clone that runs. The pin is let go when the VM is proven gone, or was not started. */
    LibvirtVm cloneOf(TemplateStore.Pin pin, GuestPlan plan) {
        try {
            return cloneOf(pin.template(), plan, pin::close);
        } catch (RuntimeException | Error e) {
            pin.close();
            throw e;
        }
    }

    private LibvirtVm cloneOf(Template template, GuestPlan plan, Runnable afterwards) {
        Steps steps = new Steps();
        return started(plan, create(template, plan, Optional.empty(), 0, CreateTurns.For.SESSION, steps), StartMode.CLONE, steps, taker(template, plan), machine -> linked(machine, template, steps), afterwards);
    }

    /**
     * A clone that stands where another VM stood when it was put on the disk, paused. The pin is let go when the VM is proven gone, or
     * was not started.
     *
     * @param hostName that its guest keeps; empty of one that begins a session of its own
     */
    LibvirtVm restored(TemplateStore.Pin pin, GuestPlan plan, SnapshotFile file, Optional<String> hostName) {
        try {
            Steps steps = new Steps();
            return started(plan, create(pin.template(), plan, hostName, 0, CreateTurns.For.SESSION, steps), StartMode.CLONE, steps, taker(pin.template(), plan), machine -> {
                snapshots.restore(machine, pin.template(), file);
                steps.done("restore");
                return new Stage.Restored(hostName.orElseGet(machine::name));
            }, pin::close);
        } catch (RuntimeException | Error e) {
            pin.close();
            throw e;
        }
    }

    private Snapshots.Taker taker(Template template, GuestPlan plan) {
        return (machine, hostName, mostBytes) -> snapshots.take(machine, hostName, template, plan, this, mostBytes);
    }

    private Snapshots.Taker taker(VmNote note, StartMode mode, GuestPlans plans) {
        return note.origin().<Snapshots.Taker>map(clone -> (machine, hostName, mostBytes) -> snapshots.take(machine, hostName, note, clone, plans, this, mostBytes))
                .orElse(mode == StartMode.BOOT ? Snapshots.Taker.NONE : Snapshots.Taker.UNKNOWN);
    }

    /** A clone that waits on {@code rung} for its session, paused; made only while a session of its size would find room as well. */
    LibvirtVm ahead(Template template, GuestPlan plan, StartMode rung) {
        return ahead(template, plan, rung, 1, PRIMING_ROUNDS);
    }

    /** The same to see that it works: prepared as little as will do. */
    LibvirtVm trial(Template template, GuestPlan plan, StartMode rung) {
        return ahead(template, plan, rung, 0, 1);
    }

    private LibvirtVm ahead(Template template, GuestPlan plan, StartMode rung, int spare, int primingRounds) {
        Steps steps = new Steps();
        Place place = create(template, plan, Optional.empty(), spare, CreateTurns.For.LATER, steps);
        return switch (rung) {
            case SHELL -> started(plan, place, rung, steps, taker(template, plan), m -> new Stage.Shell(template.state()), () -> { });
            case LOADED -> started(plan, place, rung, steps, taker(template, plan), m -> {
                m.load(template.state());
                steps.done("load");
                return new Stage.Loaded();
            }, () -> { });
            case PRIMED -> primed(place, started(plan, place, rung, steps, taker(template, plan), m -> linked(m, template, steps), () -> { }), primingRounds);
            case CLONE, BOOT -> throw new IllegalArgumentException(rung + " is no rung to wait on");
        };
    }

    /** A booted VM with the agent deployed. */
    LibvirtVm boot(AgentWar agent, GuestPlan plan) {
        return booted(creator.create(plan, creator.newName('s'), new Machine.Ram.Anonymous(), 0), agent, plan);
    }

    /** A booted VM that waits for its session, paused. */
    LibvirtVm bootAhead(AgentWar agent, GuestPlan plan) {
        Place place = creator.create(plan, creator.newName('s'), new Machine.Ram.Anonymous(), 1);
        return primed(place, booted(place, agent, plan), PRIMING_ROUNDS);
    }

    private LibvirtVm booted(Place place, AgentWar agent, GuestPlan plan) {
        Steps steps = new Steps();
        return started(plan, place, StartMode.BOOT, steps, Snapshots.Taker.NONE, m -> {
            HostLink link = links.connect(m, plan.bootLimit());
            try {
                GuestControl control = new GuestControl(link, m.name());
                control.await(plan.bootLimit());
                steps.done("boot");
                control.renew(m.name());
                agent.deploy(control, plan, step -> { });
                agent.warmUp(link, m.name(), AgentWar.WARMUP_LIMIT, step -> { });
                steps.done("deploy");
                return new Stage.Linked(link);
            } catch (RuntimeException | Error e) {
                link.close();
                throw e;
            }
        }, () -> { });
    }

    /**
     * Takes up a VM of an earlier run, which runs afterwards. What keeps it from going on leaves it as it is.
     *
     * @param plans how VMs are cloned now, for when it is to come back from the disk
     * @throws HypervisorAwayException it cannot be looked at now
     * @throws VmException             it has gone, does not answer, or cannot be gone on with
     */
    LibvirtVm adopt(String name, StartMode mode, GuestPlans plans) {
        Steps steps = new Steps();
        Creator.TakenOver taken = creator.takeOver(name);
        Place place = taken.place();
        RunningMachine machine = place.machine();
        Optional<HostLink> link = Optional.empty();
        try {
            machine.resume();
            steps.done("resume");
            link = Optional.of(links.connect(machine, ADOPTION_LIMIT));
            steps.done("hello");
            LibvirtVm vm = new LibvirtVm(machine, new Stage.Begun(link.get()), links, mode, taken.note().origin().map(CloneNote::hearsItsEnd).orElse(true),
                    executor, taker(taken.note(), mode, plans), () -> fleet.leave(place));
            vm.rejoin(taken.note().origin().flatMap(CloneNote::hostName).orElse(name));
            steps.done("clock");
            place.lives(vm);
            executor.execute(vm::measure);
            DriverMessage.VM_ADOPTED.log(name, steps.total(), steps);
            return vm;
        } catch (RuntimeException | Error e) {
            link.ifPresent(HostLink::close);
            fleet.leave(place);
            throw e;
        }
    }

    /** Ends a VM that nobody else knows: what is left of it is reported and ended later. Empty while something is left. */
    Optional<MeterReading> end(LibvirtVm vm) {
        return fleet.end(vm);
    }

    private LibvirtVm primed(Place place, LibvirtVm vm, int rounds) {
        try {
            vm.prime(rounds);
            return vm;
        } catch (RuntimeException | Error e) {
            fleet.end(place, vm::destroy);
            throw e;
        }
    }

    private Place create(Template template, GuestPlan plan, Optional<String> hostName, int spare, CreateTurns.For whom, Steps steps) {
        try {
            Place place = creator.create(plan, creator.newName('s'), new Machine.Ram.Private(template.ram(), CloneNote.of(template, plan, hostName)), spare, whom);
            steps.done("create");
            return place;
        } catch (HypervisorAwayException | NoRoomException e) {
            throw e;
        } catch (VmException e) {
            throw new DiedStartingException(e);
        }
    }

    private Stage linked(RunningMachine machine, Template template, Steps steps) {
        machine.load(template.state());
        steps.done("load");
        machine.resume();
        steps.done("resume");
        HostLink link = links.connect(machine, CLONE_LIMIT);
        steps.done("hello");
        return new Stage.Linked(link);
    }

    /** @param afterwards run once, when the VM is proven gone; not when it never came to be */
    private LibvirtVm started(GuestPlan plan, Place place, StartMode mode, Steps steps, Snapshots.Taker taker,
            Function<RunningMachine, Stage> way, Runnable afterwards) {
        RunningMachine machine = place.machine();
        Stage stage;
        try {
            stage = way.apply(machine);
        } catch (RuntimeException | Error e) {
            boolean died;
            try {
                died = machine.hasEnded();
            } finally {
                fleet.end(place, machine::destroy);
            }
            if (died && e instanceof VmException why && !(e instanceof HypervisorAwayException)) {
                throw new DiedStartingException(why);
            }
            throw e;
        }
        LibvirtVm vm = new LibvirtVm(machine, stage, links, mode, plan.hearsItsEnd(), executor, taker, () -> {
            if (fleet.leave(place)) {
                afterwards.run();
            }
        });
        place.lives(vm);
        executor.execute(vm::measure);
        DriverMessage.VM_STARTED.log(place.name(), mode, steps.total(), steps);
        return vm;
    }
}
