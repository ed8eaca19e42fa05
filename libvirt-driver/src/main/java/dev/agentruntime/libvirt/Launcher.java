package dev.agentruntime.libvirt;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Starts VMs in the ways there are and knows those that live. Thread-safe; the methods block. */
final class Launcher {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration CLONE_LIMIT = Duration.ofSeconds(60);
    /** For the agent's own classes; what all agents have in common is warm in the base template. */
    private static final int WARM_ROUNDS = 15;
    private static final int PRIMING_ROUNDS = 10;

    private enum Phase { OPEN, CLOSING }

    private final Machines machines;
    private final HostLinks links;
    private final Executor executor;
    private final HostMemory memory = new HostMemory();
    private final Map<String, LibvirtVm> live = new ConcurrentHashMap<>();
    private final Map<String, RunningMachine> starting = new ConcurrentHashMap<>();
    private volatile Phase phase = Phase.OPEN;

    Launcher(Machines machines, HostLinks links, Executor executor) {
        this.machines = machines;
        this.links = links;
        this.executor = executor;
    }

    /** A guest to start: what of, where, how large. */
    record Plan(HostProfile host, GuestImage image, long memoryBytes, int vcpus) {

        /** How long a boot to a started server may take: a minute under TCG with an idle host, several under load. */
        Duration bootLimit() {
            return host.acceleration() == Acceleration.KVM ? Duration.ofMinutes(2) : Duration.ofMinutes(10);
        }

        Duration deployLimit() {
            return host.acceleration() == Acceleration.KVM ? Duration.ofMinutes(2) : Duration.ofMinutes(5);
        }
    }

    /** A clone that runs. */
    LibvirtVm cloneOf(Template template, Plan plan) {
        return cloneOf(template, plan, () -> { });
    }

    /** A clone that runs, and lets go of what it was made from when it is gone. */
    LibvirtVm cloneOf(TemplateStore.Pin pin, Plan plan) {
        try {
            return cloneOf(pin.template(), plan, pin::close);
        } catch (RuntimeException | Error e) {
            pin.close();
            throw e;
        }
    }

    private LibvirtVm cloneOf(Template template, Plan plan, Runnable afterwards) {
        Steps steps = new Steps();
        return started(createClone(template, plan, steps), StartMode.CLONE, steps, machine -> linked(machine, template, steps), afterwards);
    }

    /** A clone that waits on {@code rung} for its session, paused; made only while a session of its size would find room as well. */
    LibvirtVm ahead(Template template, Plan plan, StartMode rung) {
        memory.requireRoom(2, plan.memoryBytes());
        return ahead(template, plan, rung, PRIMING_ROUNDS);
    }

    /** The same to see that it works: prepared as little as will do. */
    LibvirtVm trial(Template template, Plan plan, StartMode rung) {
        return ahead(template, plan, rung, 1);
    }

    private LibvirtVm ahead(Template template, Plan plan, StartMode rung, int primingRounds) {
        Steps steps = new Steps();
        RunningMachine machine = createClone(template, plan, steps);
        return switch (rung) {
            case SHELL -> started(machine, rung, steps, m -> new Standing.Shell(template.state()));
            case LOADED -> started(machine, rung, steps, m -> {
                m.load(template.state());
                steps.done("load");
                return new Standing.Loaded();
            });
            case PRIMED -> primed(started(machine, rung, steps, m -> linked(m, template, steps)), primingRounds);
            case CLONE, BOOT -> throw new IllegalArgumentException(rung + " is no rung to wait on");
        };
    }

    LibvirtVm boot(AgentSpec spec, Plan plan) {
        Steps steps = new Steps();
        String name = newName('s');
        RunningMachine machine = create(plan, name, new Machine.Ram.Anonymous());
        return started(machine, StartMode.BOOT, steps, m -> {
            HostLink link = links.connect(m, plan.bootLimit());
            try {
                GuestControl control = new GuestControl(link, name);
                control.await(plan.bootLimit());
                steps.done("boot");
                control.renew(name);
                control.deploy(spec.artifact().file(), plan.deployLimit());
                steps.done("deploy");
                return new Standing.Linked(link);
            } catch (RuntimeException | Error e) {
                link.close();
                throw e;
            }
        });
    }

    /** A booted VM that waits for its session, paused. */
    LibvirtVm bootAhead(AgentSpec spec, Plan plan) {
        memory.requireRoom(2, plan.memoryBytes());
        return primed(boot(spec, plan), PRIMING_ROUNDS);
    }

    private static LibvirtVm primed(LibvirtVm vm, int rounds) {
        try {
            vm.prime(rounds);
            return vm;
        } catch (RuntimeException | Error e) {
            destroyAfter(e, vm::destroy);
            throw e;
        }
    }

    private RunningMachine createClone(Template template, Plan plan, Steps steps) {
        RunningMachine machine = create(plan, newName('s'), new Machine.Ram.Private(template.ram()));
        steps.done("create");
        return machine;
    }

    private Standing linked(RunningMachine machine, Template template, Steps steps) {
        machine.load(template.state());
        steps.done("load");
        machine.resume();
        steps.done("resume");
        HostLink link = links.connect(machine, CLONE_LIMIT);
        steps.done("hello");
        return new Standing.Linked(link);
    }

    private LibvirtVm started(RunningMachine machine, StartMode mode, Steps steps, Function<RunningMachine, Standing> way) {
        return started(machine, mode, steps, way, () -> { });
    }

    /** @param afterwards run once, when the VM is proven gone; not when it never came to be */
    private LibvirtVm started(RunningMachine machine, StartMode mode, Steps steps, Function<RunningMachine, Standing> way,
            Runnable afterwards) {
        Standing standing;
        try {
            standing = way.apply(machine);
        } catch (RuntimeException | Error e) {
            starting.remove(machine.name());
            destroyAfter(e, machine::destroy);
            throw e;
        }
        LibvirtVm vm = new LibvirtVm(machine, standing, links, mode, executor, () -> {
            if (live.remove(machine.name()) != null) {
                afterwards.run();
            }
        });
        live.put(machine.name(), vm);
        starting.remove(machine.name());
        DriverMessage.VM_STARTED.log(machine.name(), mode, steps.total(), steps);
        return vm;
    }

    /** Boots the image and writes it down as a template without an agent. */
    MeterReading buildBase(Plan plan, Template draft, Consumer<String> progress) {
        return build(plan, draft, Machine.Beginning.BOOT, scratch -> { }, (machine, link) -> {
            progress.accept("booting the guest image (" + plan.host().acceleration() + ")");
            new GuestControl(link, machine.name()).await(plan.bootLimit());
            progress.accept("the guest's server has started; rehearsing");
            new WarmUp(link, machine.name()).rehearse(plan.image().rehearsal(), plan.deployLimit());
        }, plan.bootLimit());
    }

    /** Loads the base template into a copy of its memory, deploys the agent there and writes that down. */
    MeterReading buildAgent(Plan plan, Template base, AgentSpec spec, Template draft, Consumer<String> progress) {
        return build(plan, draft, Machine.Beginning.LOAD, scratch -> TemplateFiles.copySparse(base.ram(), scratch), (machine, link) -> {
            GuestControl control = new GuestControl(link, machine.name());
            control.renew(machine.name());
            progress.accept("deploying " + spec.artifact().file().getFileName());
            control.deploy(spec.artifact().file(), plan.deployLimit());
            progress.accept("the agent answers its ping; warming it up");
            new WarmUp(link, machine.name()).prime(WARM_ROUNDS);
        }, CLONE_LIMIT, base);
    }

    /** A template with the same in it: no page of one is a page of the other. */
    static void copy(Template original, Plan plan, Template draft) {
        TemplateFiles.copySparse(original.ram(), draft.ram());
        prepareFile(draft.ram(), plan);
        TemplateFiles.copySparse(original.state(), draft.state());
    }

    private interface Work {
        void in(RunningMachine machine, HostLink link);
    }

    private MeterReading build(Plan plan, Template draft, Machine.Beginning beginning, Consumer<Path> prepareRam, Work work,
            Duration connectLimit, Template... loaded) {
        String name = newName('t');
        Path scratch = scratch(name, plan.memoryBytes());
        try {
            prepareRam.accept(scratch);
            prepareFile(scratch, plan);
            RunningMachine machine = create(plan, name, new Machine.Ram.Shared(scratch, beginning));
            try {
                for (Template template : loaded) {
                    machine.load(template.state());
                    machine.resume();
                }
                try (HostLink link = links.connect(machine, connectLimit)) {
                    work.in(machine, link);
                    new GuestControl(link, name).quiesce();
                }
                machine.save(draft.state(), executor);
                TemplateFiles.copySparse(scratch, draft.ram());
                prepareFile(draft.ram(), plan);
            } catch (RuntimeException | Error e) {
                destroyAfter(e, machine::destroy);
                throw e;
            }
            return machine.destroy();
        } finally {
            starting.remove(name);
            delete(scratch);
        }
    }

    private Path scratch(String name, long bytes) {
        try {
            return machines.directories().scratch(name, bytes);
        } catch (IOException e) {
            throw new VmException("No room for a template's memory could be found: " + e.getMessage(), e);
        }
    }

    /** Gives a memory file its full length and to QEMU, which insists on opening it for writing even to map it privately. */
    private static void prepareFile(Path ram, Plan plan) {
        try {
            try (var file = new RandomAccessFile(ram.toFile(), "rw")) {
                file.setLength(plan.memoryBytes());
            }
            Files.setPosixFilePermissions(ram, PosixFilePermissions.fromString("rw-------"));
            if (plan.host().qemuUser().isPresent()) {
                plan.host().qemuUser().get().own(ram);
            }
        } catch (IOException e) {
            throw new VmException("The template's memory " + ram + " could not be given to QEMU: " + e.getMessage(), e);
        }
    }

    private static void delete(Path scratch) {
        try {
            Files.deleteIfExists(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException("The scratch file " + scratch + " could not be deleted", e);
        }
    }

    /** Registers the machine before it looks whether the driver is closing: either this or {@link #destroyAll()} ends it. */
    private RunningMachine create(Plan plan, String name, Machine.Ram ram) {
        refuseWhenClosing(name);
        memory.requireRoom(1, plan.memoryBytes());
        RunningMachine machine = machines.create(plan.host(), plan.image(), name, plan.memoryBytes(), plan.vcpus(), ram);
        starting.put(name, machine);
        try {
            refuseWhenClosing(name);
            return machine;
        } catch (VmException e) {
            destroyAfter(e, machine::destroy);
            throw e;
        }
    }

    private void refuseWhenClosing(String name) {
        if (phase == Phase.CLOSING) {
            throw new NotTriedException("The VM " + name + " was not started: the driver is being closed");
        }
    }

    private static void destroyAfter(Throwable failure, Supplier<MeterReading> end) {
        try {
            end.get();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Random rather than counted: it must differ from those of earlier runs, which are in the ledger. */
    private String newName(char kind) {
        return "agrt-" + machines.directories().serverId() + "-" + kind + HexFormat.of().toHexDigits(RANDOM.nextLong(), 10);
    }

    /** Destroys every VM that lives, those being started included, side by side; then throws what failed. */
    void destroyAll() {
        phase = Phase.CLOSING;
        List<CompletableFuture<MeterReading>> ends = Stream.concat(
                live.values().stream().<Supplier<MeterReading>>map(vm -> vm::destroy),
                starting.values().stream().map(machine -> machine::destroy))
                .map(end -> CompletableFuture.supplyAsync(end, executor)).toList();
        VmException failure = null;
        for (CompletableFuture<MeterReading> end : ends) {
            try {
                end.join();
            } catch (CompletionException e) {
                VmException why = e.getCause() instanceof VmException vm ? vm : new VmException("A VM could not be destroyed: " + e.getCause(), e);
                if (failure == null) {
                    failure = why;
                } else {
                    failure.addSuppressed(why);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
