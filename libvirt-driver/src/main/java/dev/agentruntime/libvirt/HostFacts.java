package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What decides whether a guest runs here, and whether its saved state loads: the processor, its microcode, the kernel and its KVM.
 * Reads files that the kernel makes up; what it does not have counts as absent.
 *
 * @param proc   {@code /proc}
 * @param sys    {@code /sys}
 * @param device {@code /dev/kvm}
 */
record HostFacts(Path proc, Path sys, Path device) {

    static HostFacts ofThisHost() {
        return new HostFacts(Path.of("/proc"), Path.of("/sys"), Path.of("/dev/kvm"));
    }

    /** A digest of the processor as far as guests see it. */
    String processor() throws IOException {
        return Digests.sha256(lines("vendor_id|cpu family|model|model name|stepping|flags"));
    }

    /** A digest of the processor and of all that stands between it and a guest under KVM. */
    String processorUnderKvm() throws IOException {
        return Digests.sha256(processor(), kernel(), String.join("\n", lines("microcode")), modules());
    }

    /** A digest of all that decides whether KVM runs a guest, besides QEMU and the guest's kernel. */
    String kvm() throws IOException {
        return Digests.sha256(processorUnderKvm(), deviceState());
    }

    private String[] lines(String names) throws IOException {
        try (Stream<String> lines = Files.lines(proc.resolve("cpuinfo"))) {
            return lines.takeWhile(line -> !line.isEmpty()).filter(line -> line.matches("(" + names + ")\\s.*")).toArray(String[]::new);
        }
    }

    /** With its build: a release number stays the same over some updates. */
    private String kernel() throws IOException {
        return Files.readString(proc.resolve("version"));
    }

    /** KVM and its vendor's module, each with its version and what it is set to. */
    private String modules() throws IOException {
        List<String> facts = new ArrayList<>();
        for (Path module : entries(sys.resolve("module"), "kvm*")) {
            facts.add(module.getFileName().toString());
            facts.add(text(module.resolve("srcversion")));
            for (Path parameter : entries(module.resolve("parameters"), "*")) {
                facts.add(parameter.getFileName() + "=" + text(parameter));
            }
        }
        return String.join("\n", facts);
    }

    private String deviceState() throws IOException {
        if (!Files.exists(device)) {
            return "absent";
        }
        Map<String, Object> state = Files.readAttributes(device, "unix:mode,uid,gid");
        return state.get("mode") + " " + state.get("uid") + " " + state.get("gid");
    }

    private static Iterable<Path> entries(Path folder, String glob) throws IOException {
        TreeSet<Path> found = new TreeSet<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
                entries.forEach(found::add);
            }
        }
        return found;
    }

    /** Some parameters are root's alone. */
    private static String text(Path file) throws IOException {
        return Files.isReadable(file) ? Files.readString(file).strip() : "";
    }
}
