package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Makes templates by running a VM and writing it down. Thread-safe; the methods block for seconds or minutes. */
final class TemplateMaker {

    /** For the agent's own classes; what all agents have in common is warm in the base template. */
    private static final int WARM_ROUNDS = 15;

    private final Creator creator;
    private final Fleet fleet;
    private final HostLinks links;
    private final Executor executor;

    TemplateMaker(Creator creator, Fleet fleet, HostLinks links, Executor executor) {
        this.creator = creator;
        this.fleet = fleet;
        this.links = links;
        this.executor = executor;
    }

    /** Boots the image and writes it down as a template without an agent. */
    MeterReading base(GuestPlan plan, Template draft, Consumer<String> progress) {
        return make(plan, new Boot(plan), draft, (link, vm) -> {
            progress.accept("building the base template: booting the guest image (" + plan.host().acceleration() + ")");
            new GuestControl(link, vm).await(plan.bootLimit());
            progress.accept("building the base template: the guest's server has started; rehearsing");
            new Rehearsal(link, vm).rehearse(plan.image().rehearsal(), plan.deployLimit());
        });
    }

    /** Loads the base template into a copy of its memory, deploys the agent there and writes that down. */
    MeterReading agent(GuestPlan plan, Template base, AgentWar agent, Template draft, Consumer<String> progress) {
        return make(plan, new Load(base), draft, (link, vm) -> {
            GuestControl control = new GuestControl(link, vm);
            control.renew(vm);
            agent.deploy(control, plan, progress);
            agent.warmUp(link, vm, AgentWar.WARMUP_LIMIT, progress);
            progress.accept("the agent answers its ping; warming it up");
            new Rehearsal(link, vm).prime(WARM_ROUNDS);
        });
    }

    /** A template with the same in it: no page of one is a page of the other. */
    static void copy(Template original, GuestPlan plan, Template draft) {
        TemplateFiles.copySparse(original.ram(), draft.ram());
        giveToQemu(draft.ram(), plan);
        TemplateFiles.copySparse(original.state(), draft.state());
    }

    /** What a template is made from. */
    private sealed interface Origin {

        Machine.Beginning beginning();

        Duration connectLimit();

        /** Fills the memory before the VM is created. */
        void fill(Path ram);

        /** Has the created VM run. */
        void run(RunningMachine machine);
    }

    private record Boot(GuestPlan plan) implements Origin {

        @Override
        public Machine.Beginning beginning() {
            return Machine.Beginning.BOOT;
        }

        @Override
        public Duration connectLimit() {
            return plan.bootLimit();
        }

        @Override
        public void fill(Path ram) {
            // The kernel clears memory that nobody has written.
        }

        @Override
        public void run(RunningMachine machine) {
            // A VM that boots runs as soon as it is created.
        }
    }

    private record Load(Template template) implements Origin {

        @Override
        public Machine.Beginning beginning() {
            return Machine.Beginning.LOAD;
        }

        @Override
        public Duration connectLimit() {
            return Starts.CLONE_LIMIT;
        }

        @Override
        public void fill(Path ram) {
            TemplateFiles.copySparse(template.ram(), ram);
        }

        @Override
        public void run(RunningMachine machine) {
            machine.load(template.state());
            machine.resume();
        }
    }

    private interface Work {
        void in(HostLink link, String vm);
    }

    private MeterReading make(GuestPlan plan, Origin origin, Template draft, Work work) {
        String name = creator.newName('t');
        fleet.announce(name);
        try {
            return make(name, plan, origin, draft, work);
        } finally {
            fleet.withdraw(name);
        }
    }

    private MeterReading make(String name, GuestPlan plan, Origin origin, Template draft, Work work) {
        Path scratch = scratch(name, plan.memoryBytes());
        try {
            origin.fill(scratch);
            giveToQemu(scratch, plan);
            Place place = create(plan, name, new Machine.Ram.Shared(scratch, origin.beginning()));
            RunningMachine machine = place.machine();
            try {
                origin.run(machine);
                try (HostLink link = links.connect(machine, origin.connectLimit())) {
                    work.in(link, name);
                    new GuestControl(link, name).quiesce();
                }
                save(machine, draft);
                TemplateFiles.copySparse(scratch, draft.ram());
                giveToQemu(draft.ram(), plan);
            } catch (RuntimeException | Error e) {
                fleet.end(place, machine::destroy);
                throw e;
            }
            MeterReading used = machine.read();
            return fleet.end(place, machine::destroy).orElse(used);
        } finally {
            delete(scratch);
        }
    }

    /** A QEMU that does not start with its memory in a file, twice, will not the third time either. */
    private Place create(GuestPlan plan, String name, Machine.Ram ram) {
        try {
            return creator.create(plan, name, ram, 0);
        } catch (HypervisorAwayException | NoRoomException e) {
            throw e;
        } catch (VmException first) {
            try {
                return creator.create(plan, name, ram, 0);
            } catch (HypervisorAwayException | NoRoomException e) {
                throw e;
            } catch (VmException e) {
                e.addSuppressed(first);
                throw new CannotCloneException("a VM whose memory is a file could not be created: " + e.getMessage(), e);
            }
        }
    }

    private void save(RunningMachine machine, Template draft) {
        try {
            machine.save(draft.state(), executor);
        } catch (HypervisorAwayException e) {
            throw e;
        } catch (VmException e) {
            throw machine.hasEnded() ? e : new CannotCloneException("its state could not be saved: " + e.getMessage(), e);
        }
    }

    private Path scratch(String name, long bytes) {
        try {
            return creator.directories().scratch(name, bytes);
        } catch (IOException e) {
            throw new CannotCloneException("No room for a template's memory could be found: " + e.getMessage(), e);
        }
    }

    /** Gives a memory file its full length and to QEMU, which insists on opening it for writing even to map it privately. */
    private static void giveToQemu(Path ram, GuestPlan plan) {
        try {
            try (var file = new RandomAccessFile(ram.toFile(), "rw")) {
                file.setLength(plan.memoryBytes());
            }
            Files.setPosixFilePermissions(ram, PosixFilePermissions.fromString("rw-------"));
            if (plan.host().qemuUser().isPresent()) {
                plan.host().qemuUser().get().own(ram);
            }
        } catch (IOException e) {
            throw new CannotCloneException("The template's memory " + ram + " could not be given to QEMU: " + e.getMessage(), e);
        }
    }

    private static void delete(Path scratch) {
        try {
            Files.deleteIfExists(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException("The scratch file " + scratch + " could not be deleted", e);
        }
    }
}
