package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.VmLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FenceTest {

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.libvirt");
    private final List<String> logged = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(entry.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };
    private final Host host = new Host();

    /** A host that lets be limited what it is told to. */
    private static final class Host implements Partitions, Partition {
        private List<String> refused = List.of();
        private List<String> notAdopted = List.of();
        private Optional<String> broken = Optional.empty();
        private final List<GroupLimits> limited = new ArrayList<>();
        private int made;

        @Override
        public Partition of(String vm) {
            return this;
        }

        @Override
        public List<String> present() {
            return List.of();
        }

        @Override
        public void removeParent() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String libvirtName() {
            return "/machine/a";
        }

        @Override
        public String path() {
            return "machine/a";
        }

        @Override
        public void create() throws IOException {
            if (broken.isPresent()) {
                throw new IOException(broken.get());
            }
            made++;
        }

        @Override
        public List<String> limit(GroupLimits limits) {
            limited.add(limits);
            return refused;
        }

        @Override
        public List<String> adopt(long pid) {
            return notAdopted;
        }

        @Override
        public boolean counts(String controlGroups) {
            return true;
        }

        @Override
        public long cpuNanos() {
            return 0;
        }

        @Override
        public Optional<Long> anonymousBytes() {
            return Optional.empty();
        }

        @Override
        public boolean awaitEmpty(Duration limit) {
            return true;
        }

        @Override
        public List<String> remove() {
            made--;
            return List.of();
        }
    }

    @BeforeEach
    void listen() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void deafen() {
        LOG.removeHandler(handler);
    }

    private Fence probe() {
        return Fence.probe(VmLimits.USUAL, Optional.of(host), "a");
    }

    private static Machine machine() {
        return new Machine("agrt-a-s01", 1L << 30, 2, null, null, new Machine.Ram.Anonymous(), null, Optional.empty(), 48);
    }

    @Test
    void aHostThatLimitsEverythingIsFoundByATrialThatLeavesNothing() {
        assertThat(probe().description()).isEqualTo("VMs limited in CPU, memory, threads and I/O");
        assertThat(host.made).isZero();
        assertThat(logged).isEmpty();
    }

    @Test
    void eachVmIsLimitedByItsOwnSize() {
        Fence fence = probe();
        fence.limit(host, machine());
        assertThat(host.limited).last().isEqualTo(GroupLimits.of(VmLimits.USUAL, 1L << 30, 2));
    }

    @Test
    void aVmThatWritesATemplateStandsBehindThoseThatServe() {
        Fence fence = probe();
        Machine serves = machine().with(new Machine.Ram.Private(Path.of("ram")));
        Machine writes = machine().with(new Machine.Ram.Shared(Path.of("ram"), Machine.Beginning.LOAD));
        fence.limit(host, serves);
        fence.limit(host, writes);
        GroupLimits usual = GroupLimits.of(VmLimits.USUAL, 1L << 30, 2);
        assertThat(host.limited).endsWith(usual, usual.behindOthers());
    }

    @Test
    void aVmIsPromisedItsGuestsMemoryAndItsEmulators() {
        assertThat(probe().promisedBytes(1L << 30)).isEqualTo((1L << 30) + VmLimits.USUAL.memoryOverheadBytes());
    }

    @Test
    void whatAHostDoesNotLimitIsLoggedOnceAndSaidInTheStatus() {
        host.refused = List.of("memory (Device or resource busy)", "I/O share");
        Fence fence = probe();
        fence.limit(host, machine());
        fence.limit(host, machine());
        assertThat(fence.description()).isEqualTo("VMs not limited in memory (Device or resource busy), I/O share");
        assertThat(logged).singleElement().asString().contains("AGRT1024W", "memory (Device or resource busy), I/O share");
    }

    @Test
    void whatIsMissingForEachVmIsToldOnceWhateverTheReasonCallsTheVm() {
        Fence fence = probe();
        for (int vm = 0; vm < 100; vm++) {
            host.notAdopted = List.of("threads (cgroup.procs: /sys/fs/cgroup/pids/agrt-a-s" + vm + ": Permission denied)");
            fence.started(new QemuProcess(ProcessHandle.current().pid(), "0"), Optional.of(host));
        }
        assertThat(logged).filteredOn(line -> line.contains("AGRT1024W")).singleElement().asString().contains("threads", "Permission denied");
    }

    @Test
    void aLimitThatIsLostLaterIsToldThen() {
        Fence fence = probe();
        host.refused = List.of("CPU ceiling");
        fence.limit(host, machine());
        assertThat(fence.description()).endsWith("not limited in CPU ceiling");
        assertThat(logged).hasSize(1);
    }

    @Test
    void aHostWithoutControlGroupsOrWhoseCannotBeMadeSaysSo() {
        assertThat(Fence.probe(VmLimits.USUAL, Optional.empty(), "a").description()).isEqualTo("VMs not limited in anything, as VMs have no control group of their own");
        host.broken = Optional.of("No space left on device");
        assertThat(probe().description()).contains("no control group could be made: No space left on device");
        assertThat(logged).hasSize(2);
    }

    @Test
    void aProcessIsLookedAtAndAsThisOneIsNoQemuItsRightsAreComplainedOf() {
        Fence fence = probe();
        host.notAdopted = List.of("threads (cgroup.procs: Permission denied)");
        fence.started(new QemuProcess(ProcessHandle.current().pid(), "0"), Optional.of(host));
        assertThat(fence.description()).contains("threads (cgroup.procs: Permission denied)");
        Rights own = new QemuProcess(ProcessHandle.current().pid(), "0").rights().orElseThrow();
        own.complaints().forEach(complaint -> assertThat(fence.description()).contains(complaint));
    }
}
