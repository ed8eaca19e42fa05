package dev.agentruntime.agents;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The drop-in folder: each WAR in it, a file or a folder, is an agent runtime named as the WAR. An EAR is one too, so that
 * its state says why it cannot start.
 */
final class DropinFolder implements AgentSource, FileCheck {

    private static final Logger LOG = Logger.getLogger(DropinFolder.class.getName());
    private static final String WAR = ".war";
    private static final Set<String> ARTIFACTS = Set.of(WAR, ".ear");
    /** What people put here for other servers' sake, or by mistake. */
    private static final Set<String> OTHERS = Set.of(".jar", ".zip", ".rar", ".eba", ".tar", ".tgz", ".gz");

    private enum Progress { NEVER_CHECKED, CHECKED }

    private final Supplier<AgentSettings> settings;
    private final Runnable changed;
    private final Set<Path> complained = ConcurrentHashMap.newKeySet();
    private volatile Map<String, Path> artifacts = Map.of();
    private volatile Progress progress = Progress.NEVER_CHECKED;

    /** @param changed told after each check */
    DropinFolder(Supplier<AgentSettings> settings, Runnable changed) {
        this.settings = settings;
        this.changed = changed;
    }

    @Override
    public Map<String, AgentConfig> agents() {
        long memoryBytes = settings.get().dropinMemoryBytes();
        return artifacts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, artifact -> new AgentConfig(
                artifact.getKey(), artifact.getValue(), memoryBytes, 1, Optional.empty(), Sharing.VERSION)));
    }

    @Override
    public boolean known() {
        return progress == Progress.CHECKED;
    }

    @Override
    public List<FileCheck> checks() {
        return List.of(this);
    }

    @Override
    public Path place() {
        return settings.get().dropins();
    }

    @Override
    public void hangs(Path place, Duration time) {
        progress = Progress.CHECKED;
    }

    /** Keeps what was there the last time when the folder cannot be read. */
    @Override
    public void run(Runnable alive) {
        Path folder = place();
        if (Files.notExists(folder)) {
            found(folder, Map.of());
            return;
        }
        Map<String, Path> there = new TreeMap<>();
        Set<Path> seen = new HashSet<>(Set.of(folder));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                alive.run();
                seen.add(entry);
                take(entry, there);
            }
        } catch (IOException | DirectoryIteratorException e) {
            if (complained.add(folder)) {
                AgentMessage.DROPIN_FOLDER.log(LOG, folder, e.toString());
            }
            progress = Progress.CHECKED;
            return;
        }
        complained.remove(folder);
        complained.retainAll(seen);
        found(folder, there);
    }

    /** Another folder may be configured since. */
    private void found(Path folder, Map<String, Path> there) {
        if (!folder.equals(place())) {
            return;
        }
        artifacts = Map.copyOf(there);
        changed.run();
        progress = Progress.CHECKED;
    }

    private void take(Path entry, Map<String, Path> there) {
        String file = entry.getFileName().toString();
        String suffix = suffix(file);
        if (ARTIFACTS.contains(suffix)) {
            name(entry, file.substring(0, file.length() - suffix.length()), there);
        } else if (OTHERS.contains(suffix)) {
            complain(entry, "an agent is a WAR, a file or a folder whose name ends in .war.");
        } else if (Files.isDirectory(entry.resolve("WEB-INF"))) {
            complain(entry, "it has a WEB-INF as an unpacked WAR has, but its name does not end in .war. Rename it to "
                    + file + WAR + ".");
        }
    }

    private void name(Path entry, String name, Map<String, Path> there) {
        Optional<String> problem = AgentConfig.nameProblem(name);
        if (problem.isPresent()) {
            complain(entry, problem.get());
            return;
        }
        Path other = there.get(name);
        Path taken = other == null || isBetter(entry, other) ? entry : other;
        if (other != null) {
            complain(taken.equals(entry) ? other : entry, "agent runtime " + name + " comes from " + taken.getFileName()
                    + " already.");
        }
        there.put(name, taken);
    }

    /** {@code x.war} before {@code x.WAR} before {@code x.ear}, in whatever order the folder lists them. */
    private static boolean isBetter(Path entry, Path other) {
        return rank(entry).compareTo(rank(other)) < 0;
    }

    private static String rank(Path entry) {
        String file = entry.getFileName().toString();
        return (file.endsWith(WAR) ? "0" : suffix(file).equals(WAR) ? "1" : "2") + file;
    }

    private void complain(Path entry, String problem) {
        if (complained.add(entry)) {
            AgentMessage.DROPIN_NAME.log(LOG, entry, problem);
        }
    }

    private static String suffix(String file) {
        int dot = file.lastIndexOf('.');
        return dot < 0 ? "" : file.substring(dot).toLowerCase(Locale.ROOT);
    }
}
