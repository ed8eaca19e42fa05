package dev.agentruntime.libvirt;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How guests are run here, and why.
 *
 * @param acceleration how
 * @param cpu          the processor that guests see
 * @param why          in words that begin with {@code kvm} or {@code tcg}, for people
 */
record Verdict(Acceleration acceleration, CpuModel cpu, String why) {

    private static final Pattern KVM = Pattern.compile("kvm (\\S+): (.+)");

    static Verdict tcg(String why) {
        return new Verdict(Acceleration.TCG, CpuModel.MAXIMUM, "tcg: " + why);
    }

    /** @param line what {@code probe-kvm.sh} says: {@code kvm MODEL:} and how, or {@code tcg:} and why */
    static Verdict ofProbe(String line) {
        Matcher kvm = KVM.matcher(line);
        if (kvm.matches()) {
            CpuModel cpu = CpuModel.parse(kvm.group(1));
            return new Verdict(Acceleration.KVM, cpu, "kvm: " + kvm.group(2) + ", CPU model " + cpu.text());
        }
        return tcg(line.startsWith("tcg: ") ? line.substring("tcg: ".length()) : "the probe said '" + line + "'");
    }

    boolean isKvm() {
        return acceleration == Acceleration.KVM;
    }

    /** The reason without the word it begins with. */
    String reason() {
        return why.substring(why.indexOf(' ') + 1);
    }
}
