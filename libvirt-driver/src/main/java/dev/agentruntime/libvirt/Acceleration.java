package dev.agentruntime.libvirt;

/** How guests are run. */
enum Acceleration {
    /**
     * By the processor itself. The guest's kernel takes kvm-clock by itself: reading it needs no exit, QEMU keeps it in a
     * template's state, and it stands still while a VM is paused. With {@code tsc=reliable} the kernel would no longer look
     * whether the TSC agrees with it, which it need not after a clone or a pause.
     */
    KVM("kvm", ""),
    /**
     * By QEMU's emulator: some twenty times slower, works everywhere. Without {@code tsc=reliable} the guest's kernel doubts
     * the TSC, for an emulated processor is late at times, and takes a clock that costs an exit to QEMU at every reading. With
     * {@code norandmaps} the guest's two JVMs map their libraries at the same addresses, so that QEMU translates them once.
     * Clones of one template have one address layout in any case.
     */
    TCG("qemu", " tsc=reliable norandmaps");

    private final String libvirtType;
    private final String clock;

    Acceleration(String libvirtType, String clock) {
        this.libvirtType = libvirtType;
        this.clock = clock;
    }

    String libvirtType() {
        return libvirtType;
    }

    /** The kernel's command line. {@code panic=-1} makes a crashed guest reboot, which ends its VM. */
    String commandLine() {
        return "console=ttyS0 panic=-1 quiet" + clock;
    }
}
