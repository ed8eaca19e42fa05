package dev.agentruntime.libvirt;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How guests are run here, and why.
 *
 * @param acceleration how
 * @param cpu          the processor that guests see
 * @param kernelBoot   how long a kernel took to boot in the probe VM; zero where there was none
 * @param why          in words that begin with {@code kvm} or {@code tcg}, for people
 */
record Verdict(Acceleration acceleration, CpuModel cpu, Duration kernelBoot, String why) {

    private static final Pattern KVM = Pattern.compile("kvm (\\S+) (\\d{1,6}): (.+)");

    /** KVM on a processor of one's own takes about a second; where it takes longer, another hypervisor is below, or much else is going on. */
    private static final Duration QUICK_BOOT = Duration.ofSeconds(3);

    static Verdict tcg(String why) {
        return new Verdict(Acceleration.TCG, CpuModel.MAXIMUM, Duration.ZERO, "tcg: " + why);
    }

    /** @param line what {@code probe-kvm.sh} says: {@code kvm MODEL SECONDS:} and how, or {@code tcg:} and why */
    static Verdict ofProbe(String line) {
        Matcher kvm = KVM.matcher(line);
        if (kvm.matches()) {
            CpuModel cpu = CpuModel.parse(kvm.group(1));
            return new Verdict(Acceleration.KVM, cpu, Duration.ofSeconds(Long.parseLong(kvm.group(2))), "kvm: " + kvm.group(3) + ", CPU model " + cpu.text());
        }
        return tcg(line.startsWith("tcg: ") ? line.substring("tcg: ".length()) : "the probe said '" + line + "'");
    }

    boolean isKvm() {
        return acceleration == Acceleration.KVM;
    }

    /** Whether guests run about as fast as this processor can. */
    boolean isQuick() {
        return isKvm() && kernelBoot.compareTo(QUICK_BOOT) <= 0;
    }

    /** The reason without the word it begins with. */
    String reason() {
        return why.substring(why.indexOf(' ') + 1);
    }
}
