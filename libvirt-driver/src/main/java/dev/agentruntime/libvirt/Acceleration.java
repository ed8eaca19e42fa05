package dev.agentruntime.libvirt;

/** How guests are run. */
enum Acceleration {
    /** By the processor itself. */
    KVM("kvm", "host-passthrough"),
    /** By QEMU's emulator: some twenty times slower, works everywhere. */
    TCG("qemu", "maximum");

    private final String libvirtType;
    private final String cpuMode;

    Acceleration(String libvirtType, String cpuMode) {
        this.libvirtType = libvirtType;
        this.cpuMode = cpuMode;
    }

    String libvirtType() {
        return libvirtType;
    }

    String cpuMode() {
        return cpuMode;
    }
}
