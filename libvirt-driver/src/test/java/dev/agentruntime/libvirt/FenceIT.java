package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The process of a VM as the kernel shows it. The guest only begins to boot, so this takes seconds. As root. */
@EnabledIfSystemProperty(named = "vm", matches = "true")
class FenceIT {

    private static final String SERVER = "fence";
    private static final String URI = "qemu:///system";
    private static final long MEMORY = 512L << 20;
    /** So that limits of another run would be seen. */
    private static final VmLimits LIMITS = new VmLimits(80, 130, 300L << 20, 200, 90);

    private Hypervisor hypervisor;
    private Machines machines;
    private Optional<Partitions> partitions;
    private Fence fence;
    private GuestPlan plan;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(HostInspection.isRoot(), "an ordinary user's VMs have no control group of their own");
        Path image = Path.of(System.getProperty("guest.image")).toAbsolutePath().normalize();
        Directories directories = Directories.of(Path.of(System.getProperty("vm.state", "/var/tmp/agent-runtime-it")), SERVER);
        directories.create();
        hypervisor = new Hypervisor(List.of(URI), NativeConnection::open, CallLimits.USUAL);
        partitions = PartitionSupport.find(URI, SERVER);
        fence = Fence.probe(LIMITS, partitions, SERVER);
        machines = new Machines(hypervisor, directories, partitions, fence);
        DriverSettings settings = new DriverSettings(SERVER, URI, System.getProperty("vm.acceleration", "auto"), "auto", image, directories.state(), 10);
        HostProfile host = new HostInspection(settings, hypervisor, directories).profile();
        plan = new GuestPlan(host, new PlacedImages(directories).place(GuestImage.read(image)), MEMORY, 1, false, false);
    }

    @AfterEach
    void close() throws IOException {
        if (partitions.isPresent()) {
            partitions.get().removeParent();
        }
        hypervisor.close();
    }

    @Test
    void itIsNobodysItsSystemCallsAreFilteredAndItsGroupHasTheLimitsThatAreSet() throws IOException {
        Machine machine = machines.describe(plan, "agrt-" + SERVER + "-s0000000001", new Machine.Ram.Anonymous());
        RunningMachine running = machines.create(plan.host(), machine);
        try {
            QemuProcess process = QemuProcess.find(machine.name()).orElseThrow();
            System.out.println("FenceIT: " + process.rights().orElseThrow() + ", " + fence.description() + ", threads "
                    + Files.list(Path.of("/proc/" + process.pid() + "/task")).count());
            assertThat(process.rights()).contains(new Rights(false, true, true));
            assertThat(fence.description()).isIn("VMs limited in CPU, memory, threads and I/O", "VMs not limited in I/O share");
            assertThat(limit(process, "memory", "memory.limit_in_bytes", "memory.max")).isEqualTo(Long.toString(MEMORY + LIMITS.memoryOverheadBytes()));
            assertThat(limit(process, "pids", "pids.max", "pids.max")).isEqualTo("200");
            assertThat(limit(process, "cpu", "cpu.cfs_quota_us", "cpu.max")).startsWith("130000");
            assertThat(limit(process, "cpu", "cpu.shares", "cpu.weight")).isIn("819", "80");
        } finally {
            running.destroy();
        }
        assertThat(partitions.orElseThrow().present()).isEmpty();
    }

    /** What the process's own group, or one above it, says in its tree. */
    private static String limit(QemuProcess process, String controller, String legacy, String unified) throws IOException {
        for (String line : process.controlGroups().lines().toList()) {
            String[] parts = line.split(":", 3);
            boolean ofVersion1 = List.of(parts[1].split(",")).contains(controller);
            if (ofVersion1 || parts[0].equals("0")) {
                Path group = root(ofVersion1 ? controller : "").resolve(parts[2].substring(1).replaceFirst("(agrt-" + SERVER + "-s0000000001\\.(partition|slice)).*", "$1"));
                Path file = group.resolve(ofVersion1 ? legacy : unified);
                if (Files.exists(file)) {
                    return Files.readString(file).strip();
                }
            }
        }
        throw new AssertionError("The process is in no group with " + legacy + " or " + unified + ":\n" + process.controlGroups());
    }

    private static Path root(String controller) throws IOException {
        return ControlGroups.ofThisHost().hierarchies().stream()
                .filter(hierarchy -> hierarchy instanceof ControlGroups.Hierarchy.Legacy legacy ? legacy.controllers().contains(controller) : controller.isEmpty())
                .map(ControlGroups.Hierarchy::root).findFirst().orElseThrow();
    }
}
