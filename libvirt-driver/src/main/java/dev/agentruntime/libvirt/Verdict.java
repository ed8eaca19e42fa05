package dev.agentruntime.libvirt;

/**
 * How guests are run here, and why.
 *
 * @param acceleration how
 * @param why          in words that begin with {@code kvm} or {@code tcg}, for people
 */
record Verdict(Acceleration acceleration, String why) {

    static Verdict kvm(String why) {
        return new Verdict(Acceleration.KVM, "kvm: " + why);
    }

    static Verdict tcg(String why) {
        return new Verdict(Acceleration.TCG, "tcg: " + why);
    }

    /** @param line what {@code probe-kvm.sh} says: {@code kvm}, or {@code tcg:} and why */
    static Verdict ofProbe(String line) {
        return line.equals("kvm") ? kvm("a probe VM booted under it") : new Verdict(Acceleration.TCG, line);
    }
}
