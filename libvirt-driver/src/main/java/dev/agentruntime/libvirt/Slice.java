package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A partition on a host with systemd and the unified tree: a slice of systemd's, in which libvirt has machined make the VM's scope. It
 * is started by us, so it outlives the scope with its counters until we stop it.
 *
 * @param root  where the unified tree is mounted
 * @param units who starts and stops slices
 * @param vm    the VM's name, such as {@code agrt-SERVER-s0123456789}
 */
record Slice(Path root, Units units, String vm) implements Partition {

    static final String PREFIX = "machine-";
    static final String SUFFIX = ".slice";

    /** libvirt makes a slice's name of the parts of a path, with hyphens between them. */
    @Override
    public String libvirtName() {
        return "/machine/" + vm.replace('-', '/');
    }

    String unit() {
        return PREFIX + vm + SUFFIX;
    }

    /** Each hyphen of a slice's name is a level. */
    @Override
    public String path() {
        StringBuilder path = new StringBuilder("machine.slice");
        for (int hyphen = vm.indexOf('-'); hyphen >= 0; hyphen = vm.indexOf('-', hyphen + 1)) {
            path.append('/').append(PREFIX).append(vm, 0, hyphen).append(SUFFIX);
        }
        return path.append('/').append(unit()).toString();
    }

    @Override
    public void create() throws IOException {
        units.start(unit());
    }

    @Override
    public List<String> limit(GroupLimits limits) {
        try {
            units.limit(unit(), limits.properties());
            return GroupWriter.absent(directory(), limits.unified());
        } catch (IOException e) {
            return List.of("anything (" + e.getMessage() + ")");
        }
    }

    /** In the one tree it is there with its scope. */
    @Override
    public List<String> adopt(long pid) {
        return List.of();
    }

    @Override
    public boolean counts(String controlGroups) {
        return controlGroups.lines().anyMatch(line -> line.startsWith("0::/" + path() + "/"));
    }

    @Override
    public long cpuNanos() {
        return GroupFiles.cpuNanos(directory());
    }

    @Override
    public Optional<Long> anonymousBytes() {
        return GroupFiles.figure(directory().resolve("memory.stat"), "anon ").filter(bytes -> bytes > 0);
    }

    @Override
    public boolean awaitEmpty(Duration limit) {
        return Await.until(limit, () -> !GroupFiles.populated(directory()));
    }

    @Override
    public List<String> remove() {
        try {
            if (Files.exists(directory())) {
                units.stop(unit());
            }
            return List.of();
        } catch (IOException e) {
            return List.of("slice " + unit() + " (" + e.getMessage() + ")");
        }
    }

    private Path directory() {
        return root.resolve(path());
    }
}
