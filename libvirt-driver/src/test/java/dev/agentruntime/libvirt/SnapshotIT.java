package dev.agentruntime.libvirt;

import static dev.agentruntime.libvirt.GuestHttp.field;
import static dev.agentruntime.libvirt.GuestHttp.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Puts real VMs on the disk and brings them back, with -Dvm=true. Prints the time of each step; {@code -Dsnapshot.rounds=N} says how often one goes there and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotIT {

    private static final long PLENTY = 1L << 30;
    private static final int ROUNDS = Integer.getInteger("snapshot.rounds", 10);

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

    private List<Path> onDisk() throws IOException {
        try (Stream<Path> files = Files.list(host.templates().resolveSibling("snapshots").resolve("it"))) {
            return files.toList();
        }
    }

    private Vm session(String marker) throws Exception {
        Vm vm = template.start();
        vm.begin(SessionStart.of(UUID.randomUUID().toString()));
        assertThat(get(vm, "/keep?text=" + marker)).contains("HTTP/1.1 200");
        return vm;
    }

    @Test
    void aSessionGoesOnFromTheDiskWithItsStateItsNameAndTheRightTime() throws Exception {
        String marker = UUID.randomUUID().toString();
        Vm first = session(marker);
        String before = get(first, "/who");
        first.pause();
        try (Snapshot snapshot = timed("to the disk", () -> first.snapshot(PLENTY))) {
            timed("destroy", first::destroy);
            System.out.println("on the disk: " + snapshot.bytes() + " bytes");
            assertThat(QemuProcess.find(first.name()).filter(QemuProcess::alive)).isEmpty();
            assertThat(onDisk()).singleElement().satisfies(file ->
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).doesNotContain(marker));
            Vm back = timed("from the disk", snapshot::start);
            try {
                timed("resume", () -> {
                    back.resume();
                    return back;
                });
                String after = timed("first reply", () -> get(back, "/who"));
                long off = Long.parseLong(field(after, "millis")) - System.currentTimeMillis();
                System.out.println("guest clock minus host clock: " + off + " ms");
                assertThat(field(after, "kept")).isEqualTo(marker);
                assertThat(field(after, "host")).isEqualTo(field(before, "host"));
                assertThat(Math.abs(off)).isLessThan(1000);
                timed("second reply", () -> get(back, "/who"));
                assertThat(back.logTail(5)).isNotNull();
                assertThat(back.read().cpuNanos()).isPositive();
            } finally {
                back.destroy();
            }
        }
        assertThat(onDisk()).isEmpty();
    }

    @Test
    void eightForksAgreeInWhatTheyKnowAndDifferInWhoTheyAre() throws Exception {
        Vm first = session("a thought".replace(' ', '-'));
        List<Vm> all = new ArrayList<>(List.of(first));
        try {
            first.pause();
            try (Snapshot snapshot = first.snapshot(PLENTY)) {
                first.resume();
                for (int i = 0; i < 8; i++) {
                    Vm fork = timed("fork", snapshot::fork);
                    all.add(fork);
                    timed("begin", () -> {
                        fork.begin(SessionStart.of(UUID.randomUUID().toString()));
                        return fork;
                    });
                }
            }
            List<String> replies = new ArrayList<>();
            for (Vm vm : all) {
                replies.add(get(vm, "/who"));
            }
            assertThat(replies).extracting(reply -> field(reply, "kept")).containsOnly("a-thought");
            assertThat(replies).extracting(reply -> field(reply, "uuid")).doesNotHaveDuplicates();
            assertThat(replies).extracting(reply -> field(reply, "host")).doesNotHaveDuplicates();
            get(all.get(3), "/keep?text=another");
            assertThat(field(get(all.get(3), "/who"), "kept")).isEqualTo("another");
            assertThat(field(get(all.get(4), "/who"), "kept")).isEqualTo("a-thought");
        } finally {
            all.forEach(Vm::destroy);
        }
    }

    @Test
    void aFileThatWasChangedEndsInAnErrorAndLeavesNothing() throws Exception {
        Vm first = session("x");
        first.pause();
        try (Snapshot snapshot = first.snapshot(PLENTY)) {
            first.destroy();
            Path file = onDisk().get(0);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
            assertThatThrownBy(snapshot::start).isInstanceOf(VmException.class).hasMessageContaining("damaged");
        }
        assertThat(host.driver().survey()).isEmpty();
    }

    /** One session over and over: state that gets lost on the way shows. */
    @Test
    void aSessionGoesToTheDiskAndBackManyTimes() throws Exception {
        List<Long> down = new ArrayList<>();
        List<Long> up = new ArrayList<>();
        List<Long> bytes = new ArrayList<>();
        Vm vm = session("round-0");
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                vm.pause();
                long begun = System.nanoTime();
                try (Snapshot snapshot = vm.snapshot(PLENTY)) {
                    down.add(System.nanoTime() - begun);
                    bytes.add(snapshot.bytes());
                    vm.destroy();
                    long asked = System.nanoTime();
                    vm = snapshot.start();
                    vm.resume();
                    assertThat(field(get(vm, "/who"), "kept")).isEqualTo("round-" + (round - 1));
                    up.add(System.nanoTime() - asked);
                }
                get(vm, "/keep?text=round-" + round);
            }
        } finally {
            vm.destroy();
        }
        print("to the disk, ms", down.stream().map(nanos -> nanos / 1_000_000).toList());
        print("from the disk to an answer, ms", up.stream().map(nanos -> nanos / 1_000_000).toList());
        print("on the disk, KiB", bytes.stream().map(b -> b >> 10).toList());
    }

    private static void print(String what, List<Long> values) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        System.out.println(what + ": n=" + sorted.size() + " min " + sorted.get(0) + " median " + sorted.get(sorted.size() / 2)
                + " p99 " + sorted.get(sorted.size() * 99 / 100) + " max " + sorted.get(sorted.size() - 1));
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
