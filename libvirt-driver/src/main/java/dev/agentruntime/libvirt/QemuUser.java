package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The user QEMU runs as, where that is not our own. */
record QemuUser(int uid, int gid) {

    /** As libvirt's DAC driver writes it. */
    String label() {
        return "+" + uid + ":+" + gid;
    }

    /** Gives {@code file}, and not what a link of that name leads to, to QEMU. Needs root, which is why the driver uses the system's libvirtd only as root. */
    void own(Path file) throws IOException {
        Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }
}
