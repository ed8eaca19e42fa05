package dev.agentruntime.libvirt;

import static dev.agentruntime.libvirt.GuestHttp.field;
import static dev.agentruntime.libvirt.GuestHttp.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Vm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Runs real VMs from the guest image, with -Dvm=true. Prints the time of each step. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VmIT {

    private final RealHost host = new RealHost();
    private AgentTemplate template;

    @BeforeAll
    void prepare() throws Exception {
        template = host.prepare("echo");
    }

    @AfterAll
    void close() {
        template.close();
        host.close();
    }

    @Test
    void clonesBeginApartAnswerAndAreMetered() throws Exception {
        assertThat(template.startMode()).isEqualTo(StartMode.CLONE);
        Vm a = timed("start", template::start);
        Vm b = timed("start", template::start);
        try {
            timed("begin", () -> begin(a, "session-a"));
            timed("begin", () -> begin(b, "session-b"));
            String first = timed("first reply", () -> get(a, "/who"));
            String second = timed("first reply", () -> get(b, "/who"));
            assertThat(first).contains("HTTP/1.1 200", "host=" + a.name());
            assertThat(second).contains("HTTP/1.1 200", "host=" + b.name());
            assertThat(uuid(first)).isNotEqualTo(uuid(second));
            timed("second reply", () -> get(a, "/who"));
            long guestMillis = Long.parseLong(field(timed("reply", () -> get(b, "/who")), "millis"));
            System.out.println("guest clock minus host clock: " + (guestMillis - System.currentTimeMillis()) + " ms (reply's way included)");
            MeterReading reading = a.read();
            System.out.println("reading: " + reading);
            assertThat(reading.cpuNanos()).isPositive();
            assertThat(reading.memoryBytes()).isPositive();
            assertThat(a.logTail(20)).as("a session's log begins with it").noneMatch(line -> line.contains("CWWKF0011I"));
        } finally {
            timed("destroy", a::destroy);
            timed("destroy", b::destroy);
        }
        assertGone(a);
        assertGone(b);
    }

    @Test
    void aVmWaitsOnEachRungOfTheLadderForItsSession() throws Exception {
        for (StartMode rung : List.of(StartMode.PRIMED, StartMode.LOADED, StartMode.SHELL)) {
            Vm vm = timed(rung + " made", () -> ((PreparedAgent) template).ahead().apply(rung));
            try {
                assertThat(vm.startMode()).isEqualTo(rung);
                long cpu = vm.read().cpuNanos();
                CountDownLatch never = new CountDownLatch(1);
                assertThat(never.await(2, TimeUnit.SECONDS)).isFalse();
                assertThat(vm.read().cpuNanos() - cpu).isLessThan(100_000_000L);
                timed(rung + " begin", () -> begin(vm, "session-of-" + rung));
                String reply = timed(rung + " first reply", () -> get(vm, "/who"));
                assertThat(reply).contains("HTTP/1.1 200", "host=" + vm.name());
                timed(rung + " second reply", () -> get(vm, "/who"));
                long off = Long.parseLong(field(get(vm, "/who"), "millis")) - System.currentTimeMillis();
                System.out.println(rung + " guest clock minus host clock: " + off + " ms");
                assertThat(Math.abs(off)).isLessThan(1000);
            } finally {
                vm.destroy();
            }
            assertGone(vm);
        }
    }

    @Test
    void aVmThatWaitsCanBeDestroyedOnAnyRung() throws Exception {
        for (StartMode rung : List.of(StartMode.PRIMED, StartMode.LOADED, StartMode.SHELL)) {
            Vm vm = ((PreparedAgent) template).ahead().apply(rung);
            assertThat(vm.destroy().cpuNanos()).isPositive();
            assertGone(vm);
        }
    }

    @Test
    void aKilledVmIsReportedAndItsLastReadingIsExact() throws Exception {
        Vm vm = template.start();
        begin(vm, "session-k");
        get(vm, "/burn?millis=1000");
        MeterReading before = vm.read();
        QemuProcess process = QemuProcess.find(vm.name()).orElseThrow();
        process.kill();
        String sentence = vm.death().toCompletableFuture().get(20, TimeUnit.SECONDS);
        System.out.println("death: " + sentence);
        assertThat(sentence).contains("QEMU process " + process.pid(), "killed");
        MeterReading last = timed("destroy after kill", vm::destroy);
        assertThat(last.cpuNanos()).isGreaterThanOrEqualTo(before.cpuNanos());
        assertGone(vm);
    }

    @Test
    void aPausedVmCostsNothingAndWakesWithTheRightTime() throws Exception {
        Vm vm = template.start();
        try {
            begin(vm, "session-p");
            get(vm, "/who");
            timed("pause", () -> {
                vm.pause();
                return vm;
            });
            long cpu = vm.read().cpuNanos();
            CountDownLatch never = new CountDownLatch(1);
            assertThat(never.await(3, TimeUnit.SECONDS)).isFalse();
            assertThat(vm.read().cpuNanos() - cpu).isLessThan(100_000_000L);
            timed("resume with clock", () -> {
                vm.resume();
                return vm;
            });
            long guest = Long.parseLong(field(timed("reply", () -> get(vm, "/who")), "millis"));
            long off = guest - System.currentTimeMillis();
            System.out.println("guest clock after the pause: " + off + " ms");
            assertThat(Math.abs(off)).isLessThan(1000);
        } finally {
            vm.destroy();
        }
    }

    @Test
    void aWarThatDoesNotStartIsTheAgentsFaultWithTheGuestsLog() throws Exception {
        Path war = TestWar.broken(Files.createTempDirectory("agrt-it"));
        AgentStartException fault = catchThrowableOfType(AgentStartException.class,
                () -> timed("broken WAR", () -> host.driver().prepare(host.spec("broken", war), step -> { })));
        System.out.println("broken WAR: " + fault.getMessage() + fault.log());
        assertThat(fault.getMessage()).isNotBlank();
        assertThat(fault.log()).isNotEmpty();
    }

    @Test
    void preparingAgainComesFromTheCache() throws Exception {
        Path war = TestWar.echo(Files.createTempDirectory("agrt-it"));
        try (AgentTemplate again = timed("prepare from the cache", () -> host.driver().prepare(host.spec("again", war), step -> { }))) {
            assertThat(again.startMode()).isEqualTo(StartMode.CLONE);
        }
    }

    @Test
    void vmsOfOneTenantMapOneFileAndThoseOfAnotherAnother() throws Exception {
        Tenant red = new Tenant("https://idp", Tenant.Kind.NAMED, "red");
        Tenant blue = new Tenant("https://idp", Tenant.Kind.NAMED, "blue");
        List<Vm> vms = new ArrayList<>();
        long before = templatesInUse();
        try {
            vms.add(timed("start for a tenant", () -> template.start(red)));
            vms.add(timed("start for the same tenant", () -> template.start(red)));
            vms.add(timed("start for another tenant", () -> template.start(blue)));
            vms.add(timed("start for none", template::start));
            List<String> files = new ArrayList<>();
            for (Vm vm : vms) {
                begin(vm, "session-of-" + vm.name());
                assertThat(get(vm, "/who")).contains("HTTP/1.1 200", "host=" + vm.name());
                files.add(mappedTemplate(vm));
            }
            System.out.println("mapped: " + files);
            assertThat(files.get(1)).isEqualTo(files.get(0));
            assertThat(List.of(files.get(0), files.get(2), files.get(3))).doesNotHaveDuplicates();
            assertThat(templatesInUse()).isEqualTo(before + 2);
        } finally {
            vms.forEach(Vm::destroy);
        }
        for (Vm vm : vms) {
            assertGone(vm);
        }
        assertThat(templatesInUse()).isEqualTo(before);
    }

    private long templatesInUse() throws Exception {
        long inUse = 0;
        try (var locks = Files.newDirectoryStream(host.templates(), "*.users")) {
            for (Path lock : locks) {
                Optional<KeyLock> free = KeyLock.tryExclusive(lock);
                if (free.isPresent()) {
                    free.get().close();
                } else {
                    inUse++;
                }
            }
        }
        return inUse;
    }

    /** Device and inode of the one template's file that the VM's process has in its memory, by its own path or a link of the VM's. */
    private String mappedTemplate(Vm vm) throws Exception {
        Path maps = Path.of("/proc", QemuProcess.find(vm.name()).orElseThrow().pid() + "", "maps");
        return Files.readAllLines(maps).stream().filter(line -> line.contains(host.templates().getParent().toString()) && line.endsWith("ram"))
                .map(line -> line.split(" +")).map(fields -> fields[3] + " " + fields[4]).distinct()
                .reduce((one, other) -> {
                    throw new AssertionError(vm.name() + " maps two templates: " + one + " and " + other);
                }).orElseThrow();
    }

    @Test
    void anAgentThatLeavesItsJvmEndsItsVmAtOnceWithTheTrueReason() throws Exception {
        Vm vm = template.start();
        try {
            begin(vm, "session-x");
            long begun = System.nanoTime();
            get(vm, "/exit");
            String reason = vm.death().toCompletableFuture().get(5, TimeUnit.SECONDS);
            System.out.printf("death %d ms after the agent was asked to leave: %s%n", (System.nanoTime() - begun) / 1_000_000, reason);
            assertThat(reason).contains("3");
            assertThat(QemuProcess.find(vm.name())).as("the guest itself lives on").isPresent();
        } finally {
            vm.destroy();
        }
        assertGone(vm);
    }

    /** With the VM lock held nobody else uses this host's libvirtd. */
    @Test
    void whileLibvirtdIsStoppedSessionsArePausedAndGoOnAndNobodyWaitsForIt() throws Exception {
        Vm vm = template.start();
        begin(vm, "session-stopped");
        String libvirtd = Long.toString(libvirtd().pid());
        try {
            signal("STOP", libvirtd);
            timed("pause and resume while libvirtd is stopped", () -> {
                vm.pause();
                vm.resume();
                return vm;
            });
            assertThat(get(vm, "/who")).contains("HTTP/1.1 200");
            assertThat(vm.read().cpuNanos()).isPositive();
            assertThatThrownBy(() -> timed("start while libvirtd is stopped", template::start)).isInstanceOf(HypervisorAwayException.class);
            await().atMost(20, TimeUnit.SECONDS).until(() -> !host.driver().status().reachable());
        } finally {
            signal("CONT", libvirtd);
        }
        await().atMost(10, TimeUnit.SECONDS).until(() -> host.driver().status().reachable());
        timed("start after libvirtd goes on", template::start).destroy();
        assertThat(get(vm, "/who")).contains("HTTP/1.1 200");
        vm.destroy();
        assertGone(vm);
        assertThat(host.driver().survey()).isEmpty();
    }

    private static ProcessHandle libvirtd() {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().user().equals(ProcessHandle.current().info().user()))
                .filter(p -> p.info().command().filter(c -> c.matches(".*/(libvirtd|virtqemud)")).isPresent())
                .findFirst().orElseThrow();
    }

    private static void signal(String signal, String pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor()).isZero();
    }

    /** Only against a libvirtd of our own user's: the system's may serve others. */
    @Test
    void aVmOutlivesItsLibvirtd() throws Exception {
        assumeThat(host.driver().status().description()).startsWith("qemu:///session");
        Vm vm = template.start();
        begin(vm, "session-l");
        ProcessHandle libvirtd = libvirtd();
        libvirtd.destroyForcibly();
        await().until(() -> !libvirtd.isAlive());
        assertThat(get(vm, "/who")).contains("HTTP/1.1 200");
        assertThat(vm.read().cpuNanos()).isPositive();
        assertThat(vm.death().toCompletableFuture()).isNotDone();
        timed("pause and resume by a new libvirtd", () -> {
            vm.pause();
            vm.resume();
            return vm;
        });
        assertThat(get(vm, "/who")).contains("HTTP/1.1 200");
        vm.destroy();
        assertGone(vm);
    }

    private static Vm begin(Vm vm, String session) {
        vm.begin(SessionStart.of(session));
        return vm;
    }

    private void assertGone(Vm vm) throws Exception {
        assertThat(QemuProcess.find(vm.name()).filter(QemuProcess::alive)).isEmpty();
        assertThat(host.run()).isDirectoryNotContaining("glob:**" + vm.name() + "*");
        Optional<Partitions> partitions = PartitionSupport.find(HostInspection.isRoot() ? "qemu:///system" : "qemu:///session", "it");
        if (partitions.isPresent()) {
            assertThat(partitions.get().present()).doesNotContain(vm.name());
        }
    }

    private static String uuid(String reply) {
        return field(reply, "uuid");
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    private static <T> T timed(String what, Step<T> step) throws Exception {
        long begun = System.nanoTime();
        T result = step.run();
        System.out.printf("%s: %d ms%n", what, (System.nanoTime() - begun) / 1_000_000);
        return result;
    }
}
