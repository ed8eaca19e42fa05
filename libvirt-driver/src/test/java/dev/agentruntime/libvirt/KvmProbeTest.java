package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The probe's own script, with emulators that are scripts too: {@code $1} of each part is the processor model they are asked for. */
class KvmProbeTest {

    private static final String BOOTS = "echo 'Linux version 6.1'; echo 'Kernel panic - not syncing: VFS: Unable to mount root fs'; exec sleep 60";
    private static final String STALLS = "echo 'Linux version 6.1'; exec sleep 60";

    @TempDir
    Path folder;
    private Path state;
    private Path device;
    private Path kernel;
    private Path asked;
    private HostFacts facts;
    private final AtomicLong clock = new AtomicLong();

    @BeforeEach
    void aHostWithAKvmDevice() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        state = Files.createDirectory(folder.resolve("state"));
        device = Files.createFile(folder.resolve("kvm"));
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-rw-rw-"));
        kernel = Files.writeString(folder.resolve("vmlinuz"), "a kernel");
        asked = Files.createFile(folder.resolve("asked"));
        Files.setPosixFilePermissions(asked, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path proc = Files.createDirectory(folder.resolve("proc"));
        Files.writeString(proc.resolve("version"), "Linux version 6.1.0 (build 1)");
        Files.writeString(proc.resolve("cpuinfo"), "processor\t: 0\nmodel name\t: A\nmicrocode\t: 0x1\n\n");
        facts = new HostFacts(proc, folder.resolve("sys"), device);
    }

    @Test
    void aHostWhereAGuestBootsHasKvmWithTheHostsOwnProcessor() throws IOException {
        Verdict verdict = probe().verdict(question(emulator(BOOTS)));
        assertThat(verdict.isKvm()).isTrue();
        assertThat(verdict.cpu().text()).isEqualTo("host");
        assertThat(verdict.why()).matches("kvm: a probe VM booted under it in \\d+ s, CPU model host");
    }

    @Test
    void theGuestThatBootedIsEnded() throws IOException {
        probe().verdict(question(emulator("echo $$ > " + folder.resolve("pid") + "; " + BOOTS)));
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("pid")).strip())).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void thatKvmRunsIsKeptOverRestarts() throws IOException {
        Path emulator = emulator(BOOTS);
        probe().verdict(question(emulator));
        Verdict again = probe().verdict(question(emulator));
        assertThat(again.isKvm()).isTrue();
        assertThat(asked()).containsExactly("host");
    }

    @Test
    void aGuestThatStoodStillOnABusyHostIsTriedAgainAtTheNextStart() throws IOException {
        Path emulator = emulator(STALLS);
        Verdict busy = probe().verdict(question(emulator));
        assertThat(busy.isKvm()).isFalse();
        assertThat(busy.why()).contains("tcg: ", "stood still for", "may pass in silence", "Linux version 6.1");
        emulator(BOOTS);
        assertThat(probe().verdict(question(emulator)).isKvm()).isTrue();
    }

    @Test
    void aRefusalIsNotAskedForAgainWithinAMinuteAndThenIs() throws IOException {
        Path emulator = emulator("echo 'no' >&2; exit 1");
        KvmProbe probe = probe();
        Verdict first = probe.verdict(question(emulator));
        List<String> before = asked();
        emulator(BOOTS);
        assertThat(probe.verdict(question(emulator))).isEqualTo(first);
        assertThat(asked()).isEqualTo(before);
        clock.addAndGet(KvmProbe.REFUSAL_KEPT.toNanos());
        assertThat(probe.verdict(question(emulator)).isKvm()).isTrue();
    }

    @Test
    void aSlowGuestThatGoesOnTalkingIsWaitedForLongerThanOneThatIsSilent() throws IOException {
        Verdict verdict = probe().verdict(question(emulator("for line in 1 2 3 4 5 6; do echo $line; sleep 0.5; done; " + BOOTS)));
        assertThat(verdict.isKvm()).isTrue();
        assertThat(verdict.why()).contains(" in 3 s");
    }

    @Test
    void aHostOnWhichQemuItselfStartsSlowlyIsGivenMoreTime() throws IOException {
        Path emulator = script("case \"$*\" in *monitor*) sleep 0.3; exit 0 ;; esac; sleep 3; " + BOOTS);
        assertThat(probe().verdict(question(emulator)).isKvm()).isTrue();
    }

    @Test
    void theFirstLineThatNamesACauseIsToldAndNotItsConsequences() throws IOException {
        Verdict verdict = probe().verdict(question(emulator("echo 'qemu: warning: host does not support x' >&2;"
                + "echo 'qemu: error: failed to set MSR 0x999 to 0x0' >&2; echo 'qemu: kvm_buf_set_msrs: Assertion failed.' >&2; exit 134")));
        assertThat(verdict.why()).contains("QEMU ended with -cpu host: qemu: error: failed to set MSR 0x999 to 0x0").doesNotContain("Assertion");
    }

    @Test
    void whatAGuestSaysOfItsOwnPanicIsToldWithoutWhatATerminalWouldObey() throws IOException {
        Verdict verdict = probe().verdict(question(emulator("printf 'booting\\nKernel panic: \\033[2Jno timer\\nafterwards\\n'; exit 0")));
        assertThat(verdict.why()).contains("Kernel panic:", "no timer").doesNotContain("\u001b").doesNotContain("afterwards");
    }

    @ParameterizedTest
    @CsvSource({"0x10a,arch-capabilities", "0x345,pdcm", "0x48b,vmx", "0x3b,tsc_adjust", "0xe1,waitpkg", "0xda0,xsaves", "0xc0010117,svm"})
    void aFeatureWhoseRegisterKvmRefusesIsLeftOut(String register, String feature) throws IOException {
        Verdict verdict = probe().verdict(question(emulator("case $1 in *,-" + feature + "*) " + BOOTS + " ;; esac;"
                + "echo 'qemu: error: failed to set MSR " + register + " to 0x0' >&2; exit 134")));
        assertThat(verdict.isKvm()).isTrue();
        assertThat(verdict.cpu()).isEqualTo(new CpuModel("host", List.of(feature)));
        assertThat(verdict.why()).contains("failed to set MSR " + register, "CPU model host,-" + feature);
    }

    @Test
    void severalFeaturesAreLeftOutOneAfterTheOther() throws IOException {
        Verdict verdict = probe().verdict(question(emulator("case $1 in host,-arch-capabilities,-vmx) " + BOOTS + " ;;"
                + "host,-arch-capabilities) echo 'error: failed to set MSR 0x480 to 0x0' >&2 ;; *) echo 'error: failed to set MSR 0x10a to 0x0' >&2 ;; esac; exit 1")));
        assertThat(verdict.cpu().text()).isEqualTo("host,-arch-capabilities,-vmx");
        assertThat(asked()).containsExactly("host", "host,-arch-capabilities", "host,-arch-capabilities,-vmx");
    }

    @Test
    void performanceCountersAreLeftOutByTheirOwnOption() throws IOException {
        Verdict verdict = probe().verdict(question(emulator("case $1 in host,pmu=off) " + BOOTS + " ;; esac;"
                + "echo 'error: failed to set MSR 0x38f to 0x0' >&2; exit 1")));
        assertThat(verdict.cpu().text()).isEqualTo("host,-pmu");
    }

    @Test
    void aFeatureThatIsRefusedAllTheSameLeadsToANamedModel() throws IOException {
        Verdict verdict = probe().verdict(question(emulator("case $1 in Nehalem) " + BOOTS + " ;; esac;"
                + "echo 'error: failed to set MSR 0x10a to 0x0' >&2; exit 1")));
        assertThat(verdict.cpu().text()).isEqualTo("Nehalem");
        assertThat(asked()).containsExactly("host", "host,-arch-capabilities", "Nehalem");
    }

    @Test
    void whereNoModelRunsTheFirstCauseIsTold() throws IOException {
        Verdict verdict = probe().verdict(question(emulator("echo \"error: no $1\" >&2; exit 1")));
        assertThat(verdict.why()).isEqualTo("tcg: " + device + " is there, but no guest runs under it: QEMU ended with -cpu host: error: no host");
        assertThat(asked()).containsExactly("host", "Nehalem", "qemu64");
    }

    @Test
    void aModelThatIsConfiguredIsTheOnlyOneTried() throws IOException {
        Path emulator = emulator("case $1 in host) " + BOOTS + " ;; esac; echo 'error: no such model' >&2; exit 1");
        assertThat(probe().verdict(new KvmProbe.Question(emulator, "1", kernel, Optional.empty(), "Opteron,-svm")).isKvm()).isFalse();
        assertThat(asked()).containsExactly("Opteron,-svm");
        assertThat(probe().verdict(new KvmProbe.Question(emulator, "1", kernel, Optional.empty(), "host")).cpu().text()).isEqualTo("host");
    }

    @Test
    void aHostWithoutTheDeviceIsToldWhatIsMissing() throws IOException {
        Files.delete(device);
        assertThat(probe().verdict(question(emulator(BOOTS))).why()).contains("there is no " + device, "kvm_intel or kvm_amd", "nested");
        assertThat(asked()).isEmpty();
    }

    @Test
    void aDeviceThatTheUserOfTheVmsMayNotOpenIsNoneWhateverRootMay() throws IOException {
        assumeThat(HostInspection.isRoot()).isTrue();
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-------"));
        Verdict verdict = probe().verdict(new KvmProbe.Question(emulator(BOOTS), "1", kernel, Optional.of(new QemuUser(65534, 65534)), "auto"));
        assertThat(verdict.why()).contains("the user that VMs run as, nobody, may not open " + device, "-rw------- root:root", "0660", "group kvm");
        assertThat(asked()).isEmpty();
    }

    @Test
    void theProbeVmRunsAsTheUserOfTheVms() throws IOException {
        assumeThat(HostInspection.isRoot()).isTrue();
        Path emulator = emulator("id -u > " + asked + "; " + BOOTS);
        assertThat(probe().verdict(new KvmProbe.Question(emulator, "1", kernel, Optional.of(new QemuUser(65534, 65534)), "auto")).isKvm()).isTrue();
        assertThat(asked()).containsExactly("65534");
    }

    @Test
    void aKernelThatOnlyRootMayReadIsReadableToTheProbeVm() throws IOException {
        assumeThat(HostInspection.isRoot()).isTrue();
        Files.setPosixFilePermissions(kernel, PosixFilePermissions.fromString("rw-------"));
        Path emulator = emulator("while [ \"$1\" != -kernel ]; do shift; done; grep -q 'a kernel' \"$2\" || exit 1; " + BOOTS);
        assertThat(probe().verdict(new KvmProbe.Question(emulator, "1", kernel, Optional.of(new QemuUser(65534, 65534)), "auto")).isKvm()).isTrue();
    }

    @Test
    void whatItDependsOnLeadsToAnotherProbe() throws IOException {
        Path emulator = emulator(BOOTS);
        probe().verdict(question(emulator));
        Files.writeString(facts.proc().resolve("version"), "Linux version 6.1.0 (build 2)");
        probe().verdict(question(emulator));
        Files.createDirectories(folder.resolve("sys/module/kvm_amd/parameters"));
        probe().verdict(question(emulator));
        Files.writeString(folder.resolve("sys/module/kvm_amd/parameters/nested"), "1");
        probe().verdict(question(emulator));
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-rw----"));
        probe().verdict(question(emulator));
        probe().verdict(new KvmProbe.Question(emulator, "2", kernel, Optional.empty(), "auto"));
        assertThat(asked()).hasSize(6);
    }

    @Test
    void anImageThatCannotBeReadIsNoVerdict() throws IOException {
        Path emulator = emulator(BOOTS);
        Files.delete(kernel);
        assertThatThrownBy(() -> probe().verdict(question(emulator))).isInstanceOf(VmException.class).hasMessageContaining("guest image readable");
    }

    private KvmProbe probe() {
        return new KvmProbe(state, facts, Map.of("AGRT_PROBE_DEVICE", device.toString(), "AGRT_PROBE_SECONDS", "1"), clock::get);
    }

    private KvmProbe.Question question(Path emulator) {
        return new KvmProbe.Question(emulator, "1", kernel, Optional.empty(), "auto");
    }

    /** The models that the emulator was asked for. */
    private List<String> asked() throws IOException {
        return Files.readAllLines(asked);
    }

    /** @param body what it does under KVM; {@code $1} is the processor model */
    private Path emulator(String body) throws IOException {
        return script("case \"$*\" in *monitor*) exit 0 ;; esac; all=\"$*\"; model=${all#*-cpu }; model=${model%% *};"
                + "echo \"$model\" >> " + asked + "; set -- \"$model\" \"$@\"; " + body);
    }

    private Path script(String body) throws IOException {
        Path script = Files.writeString(folder.resolve("emulator"), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }
}
