package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfinementTest {

    private static final String VM = "agrt-a-s0000000001";
    private static final String OTHER = "agrt-a-s0000000002";

    @Test
    void aVmKeepsItsProfileOverRestartsAndSharesItWithNoOther() {
        assertThat(Confinement.profile(VM)).isEqualTo(Confinement.profile(VM)).isNotEqualTo(Confinement.profile(OTHER))
                .matches("libvirt-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    }

    @Test
    void aFileBelongsToOneVm() {
        for (String file : List.of(VM + ".sock", VM + ".log.1", Confinement.profile(VM) + ".monitor", "agrt-a-" + Confinement.profile(VM) + ".ram")) {
            assertThat(Confinement.isOf(VM, Path.of("/run", file))).as(file).isTrue();
            assertThat(Confinement.isOf(OTHER, Path.of("/run", file))).as(file).isFalse();
        }
        assertThat(Confinement.isOf(VM, Path.of("/run/" + VM + "0.sock"))).isFalse();
    }

    /** Two of one rule: a file whose name the rule does not match is refused on every host with AppArmor. */
    @Test
    void theRuleThatIsShippedAllowsWhatTheDriverNamesAndNothingElse() throws IOException {
        assumeThat(HostInspection.isRoot()).isTrue();
        Path state = Path.of("/var/lib/agent-runtime");
        MachineFiles files = Directories.of(state, "a").files(VM);
        Path scratch = Directories.of(state, "a").scratch(VM, 1);
        List<String> allowed = Files.readAllLines(Path.of("../server-config/apparmor/agent-runtime")).stream()
                .map(String::strip).filter(line -> line.startsWith("/")).map(line -> line.substring(0, line.indexOf(' '))).toList();
        for (Path file : List.of(files.monitor(), files.stateSocket(), files.ram(), scratch)) {
            assertThat(allowed).as(file.toString()).anyMatch(rule -> file.toString().matches(pattern(rule, VM)))
                    .noneMatch(rule -> file.toString().matches(pattern(rule, OTHER)));
        }
        assertThat(allowed).allSatisfy(rule -> assertThat(rule).contains("@{profile_name}").doesNotContain("**"));
    }

    private static String pattern(String rule, String vm) {
        return rule.replace("@{profile_name}", Confinement.profile(vm)).replace(".", "\\.").replace("*", "[^/]+");
    }
}
