package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Partitions that are folders of the control group hierarchies, on hosts without systemd.
 *
 * @param groups   the hierarchies
 * @param serverId the server's
 */
record PlainPartitions(ControlGroups groups, String serverId) implements Partitions {

    private static final String SUFFIX = ".partition";

    @Override
    public Partition of(String vm) {
        return new PlainPartition(groups, serverId, vm);
    }

    @Override
    public List<String> present() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path parent : parents()) {
            try (var children = Files.newDirectoryStream(parent, "*" + SUFFIX)) {
                for (Path child : children) {
                    String name = child.getFileName().toString();
                    names.add(name.substring(0, name.length() - SUFFIX.length()));
                }
            }
        }
        return names.stream().distinct().toList();
    }

    @Override
    public void removeParent() throws IOException {
        for (Path parent : parents()) {
            Files.deleteIfExists(parent);
        }
    }

    private List<Path> parents() {
        return groups.hierarchies().stream()
                .map(h -> h.root().resolve("machine/" + PlainPartition.serverGroup(serverId) + SUFFIX))
                .filter(Files::isDirectory).toList();
    }
}
