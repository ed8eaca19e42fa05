package dev.agentruntime.libvirt;

import dev.agentruntime.channel.Reactor;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The driver's parts, put together over a {@link FakeLibvirt} and folders of a test's own. */
final class FakeHost implements AutoCloseable {

    static final CallLimits LIMITS = new CallLimits(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(2),
            Duration.ofMillis(500), Duration.ofSeconds(1));

    private static final String FEATURES = """
            base servlet-6.0
            file lib/features/mail.mf
            file lib/mail.jar
            feature jdbc-4.3
            feature mail-2.1 0 1
            feature pages-3.1
            package jakarta.mail mail-2.1
            absent jakarta.jms messaging-3.1
            """;

    final FakeLibvirt libvirt = new FakeLibvirt();
    final Directories directories;
    final Hypervisor hypervisor = libvirt.hypervisor(LIMITS);
    final ExecutorService executor = Executors.newCachedThreadPool(DaemonThreads.named("fake-host"));
    final Reactor reactor;
    final Reactor wayOut;
    final HostLinks links;
    final Machines machines;
    final Fleet fleet;
    final Creator creator;
    final Snapshots snapshots;
    final Starts starts;
    final TemplateMaker maker;
    final TemplateStore store;
    final GuestPlan plan;
    final Path image;

    FakeHost(Path folder) {
        try {
            image = image(Files.createDirectories(folder.resolve("image")));
            directories = Directories.of(folder.resolve("s"), "a");
            directories.create();
            reactor = new Reactor(executor);
            wayOut = new Reactor(executor, "fake-way-out");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links = new HostLinks(reactor, wayOut);
        machines = new Machines(hypervisor, directories, Optional.empty(), Fence.probe(VmLimits.USUAL, Optional.empty(), "a"));
        fleet = new Fleet(roomy(), executor);
        creator = new Creator(machines, fleet);
        store = new TemplateStore(directories.templates(), "a", 1L << 30);
        snapshots = new Snapshots(directories, store, libvirt, new BoundedDisk(directories.snapshots(), executor));
        starts = new Starts(creator, fleet, links, snapshots, executor);
        maker = new TemplateMaker(creator, fleet, links, executor);
        plan = new GuestPlan(TestMachine.host(), GuestImage.read(image), TestMachine.MEMORY, 1, true, false);
    }

    /** As good as endless memory. */
    static HostMemory roomy() {
        return new HostMemory(Path.of("/proc/meminfo"), new MemoryLimit(new ControlGroups(List.of())), 1000);
    }

    private static Path image(Path folder) throws IOException {
        for (String file : List.of("vmlinuz", "initrd", "rehearsal.war")) {
            Files.writeString(folder.resolve(file), file);
        }
        Files.move(TestWar.echo(folder), folder.resolve("agent.war"));
        Files.writeString(folder.resolve("features.index"), FEATURES);
        try (ZipOutputStream pack = new ZipOutputStream(Files.newOutputStream(folder.resolve("features.zip")))) {
            for (String file : List.of("lib/features/mail.mf", "lib/mail.jar")) {
                pack.putNextEntry(new ZipEntry(file));
                pack.write(file.getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.writeString(folder.resolve("image.properties"), "format=4\nkey=0123456789abcdef\n");
        return folder;
    }

    AgentWar agentWar() {
        return AgentWar.of(agent(), plan.image());
    }

    AgentSpec agent() {
        return new AgentSpec("echo", new Artifact(Artifact.Kind.WAR, image.resolve("agent.war"), "ab".repeat(32)), TestMachine.MEMORY, 1);
    }

    /** A whole driver of another server id over the same libvirtd. */
    LibvirtDriver driver() {
        return new LibvirtDriver(new DriverSettings("b", FakeLibvirt.URI, "tcg", "auto", image, directories.state(), 10), libvirt, LIMITS, roomy(), libvirt);
    }

    /** A template from which clones can be made. */
    TemplateStore.Pin template() {
        return store.obtain("c".repeat(64), draft -> {
            try {
                Files.write(draft.ram(), new byte[(int) TestMachine.MEMORY]);
                Files.writeString(draft.state(), FakeDomain.STATE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    FakeDomain domain(String vm) {
        return libvirt.domains().get(vm);
    }

    /** Files of VMs that are there. */
    List<Path> files() {
        try (var files = Files.list(directories.run())) {
            return files.filter(file -> file.getFileName().toString().matches("(agrt|libvirt)-.*")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        libvirt.close();
        hypervisor.close();
        reactor.close();
        wayOut.close();
        executor.shutdownNow();
    }
}
