package dev.agentruntime.libvirt;

import dev.agentruntime.libvirt.GroupLimits.Content;
import dev.agentruntime.libvirt.GroupLimits.Kind;
import dev.agentruntime.libvirt.GroupLimits.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes limits into the files of control groups, as far as the kernel has them. Not thread-safe. */
final class GroupWriter {

    private final Set<Kind> set = EnumSet.noneOf(Kind.class);
    private final Map<Kind, String> troubles = new EnumMap<>(Kind.class);

    /** Writes what of {@code settings} has its files in {@code group}. */
    void write(Path group, List<Setting> settings) {
        for (Setting setting : settings) {
            Path last = group.resolve(setting.files().get(setting.files().size() - 1).name());
            if (Files.exists(last)) {
                try {
                    for (Content content : setting.files()) {
                        Files.writeString(group.resolve(content.name()), content.text());
                    }
                    set.add(setting.kind());
                } catch (IOException e) {
                    troubles.put(setting.kind(), last.getFileName() + ": " + reason(e));
                }
            }
        }
    }

    /** Without the path, which is another for each VM. */
    static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException refused && refused.getReason() != null ? refused.getReason() : String.valueOf(e.getMessage());
    }

    /** What could not be limited, with the reason where there is one. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (!set.contains(kind)) {
                missing.add(kind.words + (troubles.containsKey(kind) ? " (" + troubles.get(kind) + ")" : ""));
            }
        }
        return missing;
    }

    /** As {@link #missing()} for a group whose files somebody else has written: what it has no file for. */
    static List<String> absent(Path group, List<Setting> settings) {
        return settings.stream().filter(setting -> !Files.exists(group.resolve(setting.files().get(0).name()))).map(setting -> setting.kind().words).toList();
    }
}
