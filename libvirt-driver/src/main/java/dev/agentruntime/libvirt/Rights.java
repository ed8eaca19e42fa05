package dev.agentruntime.libvirt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel lets a process do, from its {@code /proc/PID/status}.
 *
 * @param root      whether it runs as root
 * @param filtered  whether seccomp filters its system calls
 * @param noNewPrivileges whether no program that it starts can gain rights
 */
record Rights(boolean root, boolean filtered, boolean noNewPrivileges) {

    private static final String FILTER = "2";

    /** Empty where the text is none of such a file. */
    static Optional<Rights> parse(String status) {
        Optional<String> uids = line(status, "Uid");
        Optional<String> seccomp = line(status, "Seccomp");
        return uids.map(four -> new Rights(List.of(four.split("\\s+")).contains("0"), seccomp.filter(FILTER::equals).isPresent(),
                line(status, "NoNewPrivs").filter("1"::equals).isPresent()));
    }

    private static Optional<String> line(String status, String name) {
        Matcher line = Pattern.compile("(?m)^" + name + ":\\s*(.*?)\\s*$").matcher(status);
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }

    /** What of it leaves a guest that breaks out of QEMU more than it need have, in words. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        if (root) {
            complaints.add("QEMU runs as root (set user in /etc/libvirt/qemu.conf)");
        }
        if (!filtered) {
            complaints.add("QEMU's system calls are not filtered (set seccomp_sandbox = 1 in /etc/libvirt/qemu.conf)");
        } else if (!noNewPrivileges) {
            complaints.add("QEMU may gain rights by a program that it starts");
        }
        return complaints;
    }
}
