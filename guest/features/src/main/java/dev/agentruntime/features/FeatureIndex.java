package dev.agentruntime.features;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The features of Open Liberty that a guest image comes with: those that every guest has, and those that can be added. Read from
 * the image's {@code features.index}, which the image's build computes from the features' own manifests. Immutable.
 */
public final class FeatureIndex {
    private final Set<String> base = new TreeSet<>();
    private final Map<String, Set<String>> files = new TreeMap<>();
    /** Two features that meet bring more than each of them. */
    private final Map<Set<String>, Set<String>> together = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
    private final Map<String, String> owners = new TreeMap<>();
    private final Map<String, String> absent = new TreeMap<>();
    private int java = 17;

    private FeatureIndex() {
    }

    /** @throws IOException it cannot be read, or is of another version */
    public static FeatureIndex read(Path file) throws IOException {
        FeatureIndex index = new FeatureIndex();
        List<String> paths = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            try {
                index.take(line.split(" "), paths);
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new IOException(file + " has a line that this release does not understand: '" + line + "'", e);
            }
        }
        return index;
    }

    private void take(String[] words, List<String> paths) {
        switch (words[0]) {
            case "base" -> base.add(words[1]);
            case "file" -> paths.add(words[1]);
            case "feature" -> files.put(words[1], paths(words, 2, paths));
            case "together" -> together.put(new TreeSet<>(List.of(words[1], words[2])), paths(words, 3, paths));
            case "package" -> owners.put(words[1], words[2]);
            case "java" -> java = Integer.parseInt(words[1]);
            case "absent" -> absent.put(words[1], words[2]);
            default -> throw new NumberFormatException(words[0]);
        }
    }

    private static Set<String> paths(String[] words, int from, List<String> paths) {
        Set<String> named = new TreeSet<>();
        for (int i = from; i < words.length; i++) {
            named.add(paths.get(Integer.parseInt(words[i])));
        }
        return named;
    }

    /** The version of Java in the guest, such as 17. */
    int java() {
        return java;
    }

    /** The features that can be added. */
    Set<String> addable() {
        return files.keySet();
    }

    boolean isInEveryGuest(String feature) {
        return base.contains(feature);
    }

    /** The feature that somebody means: in any case, and without its version, which is the newest one then. */
    Optional<String> find(String given) {
        return Stream.concat(base.stream(), files.keySet().stream()).filter(name -> name.equalsIgnoreCase(given) || kind(name).equalsIgnoreCase(given))
                .max((a, b) -> a.compareTo(b));
    }

    /** A feature's name without its version, in small letters. */
    static String kind(String feature) {
        return feature.replaceFirst("-[0-9.]+$", "").toLowerCase(Locale.ROOT);
    }

    /** Whether a package, named with dots, tells anything. */
    boolean knows(String packageName) {
        return owners.containsKey(packageName) || absent.containsKey(packageName);
    }

    /** The feature to be added for a package, named with dots; empty when every guest has it, or no feature of these levels. */
    Optional<String> ownerOf(String packageName) {
        return Optional.ofNullable(owners.get(packageName));
    }

    /** The feature of Open Liberty that has the package, which no guest can have. */
    Optional<String> absentFor(String packageName) {
        return Optional.ofNullable(absent.get(packageName));
    }

    /** The files that these features need and the image does not have, by their paths in Open Liberty and in the image's pack. */
    Set<String> files(Collection<String> features) {
        Set<String> all = new TreeSet<>();
        Set<String> wanted = new LinkedHashSet<>(features);
        wanted.forEach(feature -> all.addAll(files.getOrDefault(feature, Set.of())));
        together.forEach((pair, more) -> {
            if (wanted.containsAll(pair)) {
                all.addAll(more);
            }
        });
        return all;
    }
}
