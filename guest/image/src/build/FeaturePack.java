import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes what the guest's Open Liberty can have more of than the image holds: {@code features.zip}, with the files, and
 * {@code features.index}, which says which feature takes which of them and which feature a Java package belongs to. All of it is
 * read from the features' own manifests. Run with {@code java FeaturePack.java OUTPUT WHOLE SMALL LARGE...}: the output folder, the
 * whole Open Liberty, the one in the image, and those with more features.
 */
final class FeaturePack {
    /** The levels of Jakarta EE and MicroProfile that the guest has, and an older one with what has been dropped since. */
    private static final Set<String> PLATFORMS = Set.of("jakartaee-10.0", "microProfile-6.1", "microProfile-5.0");
    private static final int JAVA = 17;
    private static final Pattern CLAUSE = Pattern.compile("(?:\"[^\"]*\"|[^,\"])+");
    private static final Pattern PARAMETER = Pattern.compile(";\\s*([\\w.-]+):?=(\"[^\"]*\"|[^;\"]*)");
    private static final Pattern IDENTITY = Pattern.compile("osgi\\.identity=([\\w.-]+)");
    private static final Pattern OLDER_JAVA = Pattern.compile("\\[\\d+,(\\d+)\\)");
    private static final Pattern NAME = Pattern.compile("(.+)-(\\d+)\\.(\\d+)");

    /** A feature's manifest. */
    private record Feature(String symbolicName, String shortName, boolean isPublic, Set<String> platforms, List<String> packages,
            List<Clause> content, List<Set<String>> provisionedBy, String file) {
    }

    private record Clause(String name, Map<String, String> parameters) {
        String parameter(String key, String otherwise) {
            return parameters.getOrDefault(key, otherwise);
        }
    }

    private final Map<String, Feature> features;
    private final Map<String, Path> files;
    private final Map<String, Set<String>> filesByFeature = new HashMap<>();
    private final Map<String, List<Feature>> contained = new HashMap<>();

    private FeaturePack(Map<String, Feature> features, Map<String, Path> files) {
        this.features = features;
        this.files = files;
    }

    public static void main(String[] args) throws IOException {
        Path output = Path.of(args[0]);
        Map<String, Path> small = files(Path.of(args[2]));
        Map<String, Path> all = new TreeMap<>();
        for (int i = 3; i < args.length; i++) {
            all.putAll(files(Path.of(args[i])));
        }
        all.putAll(small);
        FeaturePack pack = new FeaturePack(features(all.entrySet()), all);
        Map<String, Feature> inImage = features(small.entrySet());
        Map<String, Feature> whole = features(files(Path.of(args[1])).entrySet());
        pack.write(output, small.keySet(), inImage, whole);
    }

    private static Map<String, Path> files(Path wlp) throws IOException {
        try (Stream<Path> walk = Files.walk(wlp)) {
            return walk.filter(Files::isRegularFile).collect(Collectors.toMap(file -> wlp.relativize(file).toString(), file -> file, (a, b) -> a, TreeMap::new));
        }
    }

    private static Map<String, Feature> features(Collection<Map.Entry<String, Path>> files) throws IOException {
        Map<String, Feature> found = new TreeMap<>();
        for (Map.Entry<String, Path> file : files) {
            if (file.getKey().matches("lib/features/[^/]+\\.mf")) {
                Feature feature = feature(file.getKey(), file.getValue());
                found.put(feature.symbolicName(), feature);
            }
        }
        return found;
    }

    private static Feature feature(String name, Path file) throws IOException {
        Attributes main;
        try (InputStream in = Files.newInputStream(file)) {
            main = new Manifest(in).getMainAttributes();
        }
        Clause symbolic = clauses(main.getValue("Subsystem-SymbolicName")).get(0);
        String shortName = main.getValue("IBM-ShortName");
        List<Set<String>> conditions = clauses(main.getValue("IBM-Provision-Capability")).stream().map(clause -> {
            Matcher identity = IDENTITY.matcher(clause.parameter("filter", ""));
            return identity.results().map(match -> match.group(1)).collect(Collectors.toSet());
        }).toList();
        return new Feature(symbolic.name(), shortName == null ? symbolic.name() : shortName,
                symbolic.parameter("visibility", "private").equals("public") && shortName != null,
                clauses(main.getValue("WLP-Platform")).stream().map(Clause::name).collect(Collectors.toSet()),
                clauses(main.getValue("IBM-API-Package")).stream().map(Clause::name).toList(),
                clauses(main.getValue("Subsystem-Content")), conditions, name);
    }

    private static List<Clause> clauses(String header) {
        List<Clause> clauses = new ArrayList<>();
        Matcher matcher = CLAUSE.matcher(header == null ? "" : header);
        while (matcher.find()) {
            String text = matcher.group().strip();
            int end = text.indexOf(';');
            Map<String, String> parameters = new HashMap<>();
            Matcher parameter = PARAMETER.matcher(text);
            while (parameter.find()) {
                parameters.put(parameter.group(1), parameter.group(2).replace("\"", "").strip());
            }
            clauses.add(new Clause((end < 0 ? text : text.substring(0, end)).strip(), parameters));
        }
        return clauses;
    }

    private void write(Path output, Set<String> small, Map<String, Feature> inImage, Map<String, Feature> whole) throws IOException {
        List<Feature> open = features.values().stream().filter(Feature::isPublic).toList();
        Map<String, Set<String>> needs = new TreeMap<>();
        Map<String, Set<String>> together = new TreeMap<>();
        List<Feature> packable = open.stream().filter(feature -> !inImage.containsKey(feature.symbolicName())).toList();
        for (Feature feature : packable) {
            needs.put(feature.shortName(), filesOf(List.of(feature), small, inImage.keySet()));
        }
        for (Feature one : packable) {
            for (Feature other : packable.subList(packable.indexOf(one) + 1, packable.size())) {
                Set<String> more = filesOf(List.of(one, other), small, inImage.keySet());
                more.removeAll(needs.get(one.shortName()));
                more.removeAll(needs.get(other.shortName()));
                together.put(one.shortName() + " " + other.shortName(), more);
            }
        }
        together.values().removeIf(Set::isEmpty);
        List<String> packed = Stream.concat(needs.values().stream(), together.values().stream()).flatMap(Set::stream).distinct().sorted().toList();
        zip(output.resolve("features.zip"), packed);
        List<String> lines = new ArrayList<>();
        // This runs on the JDK whose parts become the guest's.
        lines.add("java " + Runtime.version().feature());
        open.stream().filter(feature -> inImage.containsKey(feature.symbolicName())).forEach(feature -> lines.add("base " + feature.shortName()));
        packed.forEach(file -> lines.add("file " + file));
        needs.forEach((name, files) -> lines.add("feature " + name + numbers(files, packed)));
        together.forEach((names, files) -> lines.add("together " + names + numbers(files, packed)));
        packages(features, inImage).forEach((name, feature) -> lines.add("package " + name + " " + feature));
        absent(whole).forEach((name, feature) -> lines.add("absent " + name + " " + feature));
        Files.writeString(output.resolve("features.index"), String.join("\n", lines) + "\n");
    }

    private static String numbers(Set<String> files, List<String> packed) {
        return files.stream().map(packed::indexOf).sorted().map(number -> " " + number).collect(Collectors.joining());
    }

    /** All that the features bring: features they contain, features that come by themselves where others meet, and their files. */
    private Set<String> filesOf(List<Feature> roots, Set<String> small, Set<String> inImage) {
        Set<String> names = new HashSet<>(inImage);
        Deque<String> open = roots.stream().map(Feature::symbolicName).collect(Collectors.toCollection(ArrayDeque::new));
        while (!open.isEmpty()) {
            String name = open.pop();
            if (features.containsKey(name) && names.add(name)) {
                contained.computeIfAbsent(name, key -> contained(features, features.get(key))).forEach(inner -> open.push(inner.symbolicName()));
            }
            if (open.isEmpty()) {
                features.values().stream().filter(feature -> !names.contains(feature.symbolicName()) && !feature.provisionedBy().isEmpty()
                        && feature.provisionedBy().stream().allMatch(condition -> condition.stream().anyMatch(names::contains)))
                        .forEach(feature -> open.push(feature.symbolicName()));
            }
        }
        Set<String> taken = new TreeSet<>();
        names.stream().filter(features::containsKey).forEach(name -> taken.addAll(filesByFeature.computeIfAbsent(name, key -> ownFiles(features.get(key)))));
        taken.removeAll(small);
        return taken;
    }

    /** Versions that are tolerated are all there, as far as there are any: which one counts is Open Liberty's to choose. */
    private static List<Feature> contained(Map<String, Feature> features, Feature feature) {
        List<Feature> inner = new ArrayList<>();
        for (Clause clause : feature.content()) {
            if (clause.parameter("type", "").equals("osgi.subsystem.feature")) {
                Set<String> names = new LinkedHashSet<>(List.of(clause.name()));
                Matcher versioned = NAME.matcher(clause.name());
                if (versioned.matches()) {
                    clauses(clause.parameter("ibm.tolerates", "")).forEach(version -> names.add(versioned.group(1) + "-" + version.name()));
                }
                names.stream().map(features::get).filter(found -> found != null).forEach(inner::add);
            }
        }
        return inner;
    }

    private Set<String> ownFiles(Feature feature) {
        Set<String> own = new HashSet<>(Set.of(feature.file()));
        feature.content().forEach(clause -> own.addAll(filesOf(clause)));
        return own;
    }

    private Set<String> filesOf(Clause clause) {
        String type = clause.parameter("type", "osgi.bundle");
        Set<String> found = new HashSet<>();
        Matcher olderJava = OLDER_JAVA.matcher(clause.parameter("require-java", ""));
        if (olderJava.matches() && Integer.parseInt(olderJava.group(1)) <= JAVA) {
            return found;
        }
        for (String location : clause.parameter("location", "lib/").split("\\s*,\\s*")) {
            if (files.containsKey(location)) {
                found.add(location);
            } else if (type.equals("osgi.bundle") || type.equals("jar") || type.equals("boot.jar")) {
                String start = (location.endsWith("/") ? location : location + "/") + clause.name();
                files.keySet().stream().filter(file -> file.equals(start + ".jar") || file.startsWith(start + "_") && file.endsWith(".jar")).forEach(found::add);
            }
        }
        // What only developers use.
        found.removeIf(file -> file.startsWith("bin/") || file.contains("/javadoc/") || type.equals("jar") && file.startsWith("dev/"));
        return found;
    }

    /** A package belongs to the public features that are nearest to it; one of the image needs nothing. */
    private static Map<String, String> packages(Map<String, Feature> features, Map<String, Feature> inImage) {
        Map<String, TreeMap<Integer, Set<String>>> distances = new TreeMap<>();
        for (Feature root : features.values()) {
            if (root.isPublic()) {
                Map<String, Integer> seen = new LinkedHashMap<>(Map.of(root.symbolicName(), 0));
                Deque<Feature> open = new ArrayDeque<>(List.of(root));
                while (!open.isEmpty()) {
                    Feature feature = open.poll();
                    int distance = seen.get(feature.symbolicName());
                    feature.packages().stream().filter(FeaturePack::isOfStandard).forEach(name -> distances.computeIfAbsent(name, key -> new TreeMap<>())
                            .computeIfAbsent(distance, key -> new TreeSet<>()).add(root.symbolicName()));
                    contained(features, feature).stream().filter(inner -> !inner.isPublic() && !seen.containsKey(inner.symbolicName())).forEach(inner -> {
                        seen.put(inner.symbolicName(), distance + 1);
                        open.add(inner);
                    });
                }
            }
        }
        Map<String, String> owners = new TreeMap<>();
        distances.forEach((name, owning) -> {
            boolean there = owning.values().stream().flatMap(Set::stream).anyMatch(inImage::containsKey);
            Set<String> nearest = owning.firstEntry().getValue();
            // What many features bring says nothing about what is wanted.
            if (!there && nearest.size() <= 2) {
                owners.put(name, implementation(features.get(nearest.iterator().next()).shortName(), features));
            }
        });
        return owners;
    }

    /** One that is called a container has the interfaces and leaves their implementation to the application. */
    private static String implementation(String name, Map<String, Feature> features) {
        String whole = name.replace("Container-", "-");
        return features.values().stream().anyMatch(feature -> feature.isPublic() && feature.shortName().equals(whole)) ? whole : name;
    }

    /** What Open Liberty has at these levels and the pack has not, so that it can be told by its name. */
    private Map<String, String> absent(Map<String, Feature> whole) {
        Map<String, Feature> ofLevel = new TreeMap<>(whole);
        ofLevel.values().removeIf(feature -> feature.isPublic() && feature.platforms().stream().noneMatch(PLATFORMS::contains)
                && !features.containsKey(feature.symbolicName()));
        return packages(ofLevel, features);
    }

    private static boolean isOfStandard(String name) {
        return name.startsWith("jakarta.") || name.startsWith("org.eclipse.microprofile.") || name.startsWith("io.opentelemetry.");
    }

    private void zip(Path target, List<String> names) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(target)))) {
            zip.setMethod(ZipOutputStream.STORED);
            for (String name : names) {
                byte[] content = Files.readAllBytes(files.get(name));
                CRC32 crc = new CRC32();
                crc.update(content);
                ZipEntry entry = new ZipEntry(name);
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content);
            }
        }
    }
}
