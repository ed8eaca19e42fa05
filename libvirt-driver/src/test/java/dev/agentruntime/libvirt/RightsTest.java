package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RightsTest {

    private static String status(String uids, int seccomp, int noNewPrivileges) {
        return "Name:\tqemu-system-x86\nUmask:\t0022\nUid:\t" + uids + "\nGid:\t107\t107\t107\t107\nNoNewPrivs:\t" + noNewPrivileges
                + "\nSeccomp:\t" + seccomp + "\nSeccomp_filters:\t1\n";
    }

    @Test
    void anOrdinaryUserBehindAFilterIsWhatThereShouldBe() {
        assertThat(Rights.parse(status("64055\t64055\t64055\t64055", 2, 1))).contains(new Rights(false, true, true));
        assertThat(Rights.parse(status("64055\t64055\t64055\t64055", 2, 1)).orElseThrow().complaints()).isEmpty();
    }

    @Test
    void rootInAnyOfItsPlacesIsToldWithTheFix() {
        assertThat(Rights.parse(status("64055\t0\t64055\t64055", 2, 1)).orElseThrow().complaints()).singleElement().asString().contains("as root", "qemu.conf");
        assertThat(Rights.parse(status("0\t0\t0\t0", 2, 1)).orElseThrow().root()).isTrue();
    }

    @Test
    void aProcessWithoutAFilterIsToldWithTheFix() {
        assertThat(Rights.parse(status("1\t1\t1\t1", 0, 0)).orElseThrow().complaints()).singleElement().asString().contains("seccomp_sandbox = 1");
        assertThat(Rights.parse("Uid:\t1\t1\t1\t1\n").orElseThrow().filtered()).as("a kernel without seccomp").isFalse();
    }

    @Test
    void oneThatMayGainRightsIsTold() {
        assertThat(Rights.parse(status("1\t1\t1\t1", 2, 0)).orElseThrow().complaints()).singleElement().asString().contains("gain rights");
    }

    @Test
    void whatIsNoStatusIsNone() {
        assertThat(Rights.parse("")).isEmpty();
    }
}
