package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Partitions that are slices of systemd's.
 *
 * @param root     where the unified tree is mounted
 * @param units    who starts and stops slices
 * @param serverId the server's
 */
record Slices(Path root, Units units, String serverId) implements Partitions {

    @Override
    public Partition of(String vm) {
        return new Slice(root, units, vm);
    }

    @Override
    public List<String> present() throws IOException {
        List<String> names = new ArrayList<>();
        Path parent = root.resolve(server().path());
        if (Files.isDirectory(parent)) {
            String prefix = Slice.PREFIX + server().vm() + "-";
            try (var children = Files.newDirectoryStream(parent, prefix + "*" + Slice.SUFFIX)) {
                for (Path child : children) {
                    String name = child.getFileName().toString();
                    names.add(name.substring(Slice.PREFIX.length(), name.length() - Slice.SUFFIX.length()));
                }
            }
        }
        return names;
    }

    @Override
    public void removeParent() throws IOException {
        if (present().isEmpty() && Files.exists(root.resolve(server().path()))) {
            units.stop(server().unit());
        }
    }

    /** The slice above those of the server's VMs. */
    private Slice server() {
        return new Slice(root, units, "agrt-" + serverId);
    }
}
