package dev.agentruntime.libvirt;

import java.util.List;
import java.util.Optional;

/** Says in a sentence how a VM came to its end, from what can be seen afterwards. */
final class Obituary {

    private Obituary() {}

    /**
     * @param linkSays how the link ended
     * @param console  the last lines of the guest's console
     */
    static String of(Optional<QemuProcess> process, String linkSays, List<String> console) {
        String tail = console.isEmpty() ? "" : " Its console's last line: " + console.get(console.size() - 1);
        if (process.isPresent() && process.get().alive()) {
            return "QEMU process " + process.get().pid() + " runs, but the channel to its guest broke: " + linkSays + "." + tail;
        }
        String who = process.map(p -> "QEMU process " + p.pid()).orElse("QEMU");
        Optional<String> panic = console.stream().filter(line -> line.contains("Kernel panic")).findFirst();
        if (panic.isPresent()) {
            return who + " ended: the guest's kernel panicked (" + panic.get() + ").";
        }
        if (console.stream().anyMatch(line -> line.contains("reboot: "))) {
            return who + " ended: the guest shut itself down." + tail;
        }
        return who + " was killed: by hand, or by the kernel for want of memory (see dmesg)." + tail;
    }
}
