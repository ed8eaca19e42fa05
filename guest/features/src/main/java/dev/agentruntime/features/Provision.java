package dev.agentruntime.features;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** What the Open Liberty of one agent gets besides what every guest has. Immutable. */
public final class Provision {
    private static final Pattern MISSING_CLASS = Pattern.compile("(?:NoClassDefFoundError: |ClassNotFoundException: |Type )((?:jakarta|javax|org[/.]eclipse[/.]microprofile"
            + "|io[/.]opentelemetry)[\\w/.$]+)");
    /** Settled in this order: what is beside the WAR counts more than what is in it. */
    private static final String OF_WAR = "10-war.xml";
    private static final String BESIDE_WAR = "20-agent.xml";

    private final FeatureIndex index;
    private final Map<String, String> features;
    private final Map<String, String> configurations;
    private final List<String> drivers;
    private final List<String> warnings;
    private final boolean hearsItsEnd;

    private Provision(FeatureIndex index, Map<String, String> features, Map<String, String> configurations, List<String> drivers, List<String> warnings, boolean hearsItsEnd) {
        this.index = index;
        this.features = Map.copyOf(features);
        this.configurations = Map.copyOf(configurations);
        this.drivers = List.copyOf(drivers);
        this.warnings = List.copyOf(warnings);
        this.hearsItsEnd = hearsItsEnd;
    }

    /**
     * Looks through a WAR and puts together what it needs. Blocks on the file: some tenths of a second, a few seconds for a very
     * large one.
     *
     * @param index         what the guest image has
     * @param named         features that somebody has named, with or without their versions
     * @param configuration a file of Open Liberty's configuration from beside the WAR
     * @param driversBeside whether drivers of databases come from beside the WAR
     * @throws UnsuitableException the WAR is for another platform, a name is no feature's, or a configuration cannot be used
     * @throws IOException         the file cannot be read
     */
    public static Provision of(FeatureIndex index, Path war, List<String> named, Optional<String> configuration, boolean driversBeside)
            throws IOException {
        Map<String, ServerConfiguration> configurations = new TreeMap<>();
        ofWar(war).ifPresent(text -> configurations.put(OF_WAR, ServerConfiguration.of(ServerConfiguration.IN_WAR, text)));
        configuration.ifPresent(text -> configurations.put(BESIDE_WAR, ServerConfiguration.of("The .server.xml file beside the WAR", text)));
        Map<String, String> wanted = new TreeMap<>();
        named.forEach(name -> wanted.put(known(index, name, "The attribute features of the <agent>"), "named by the agent's features"));
        configurations.values().forEach(file -> file.features().forEach(name -> wanted.put(known(index, name, file.name()), "named by " + file.name())));
        WarScan.Findings findings = scan(war, index);
        findings.noWar().ifPresent(why -> {
            throw new UnsuitableException(why);
        });
        findings.newer().ifPresent(which -> {
            throw new UnsuitableException("The WAR's class " + which + ", and the guest has Java " + index.java()
                    + ": build it with <maven.compiler.release>" + index.java() + "</maven.compiler.release>.");
        });
        findings.older().ifPresent(user -> {
            throw new UnsuitableException("The WAR is made for Java EE 8 or older: it uses " + user + ". The guest has Jakarta EE 10: change the imports"
                    + " from javax to jakarta and build it against jakarta.jakartaee-api 10.");
        });
        Map<String, String> found = new TreeMap<>(findings.features());
        configurations.values().forEach(file -> file.kinds().forEach(kind -> index.find(kind).ifPresent(name -> found.putIfAbsent(name, file.name()))));
        if (driversBeside) {
            index.find("jdbc").ifPresent(name -> found.putIfAbsent(name, "drivers beside the WAR"));
        }
        Set<String> kinds = wanted.keySet().stream().map(FeatureIndex::kind).collect(Collectors.toSet());
        found.forEach((name, user) -> {
            // Whoever names another version, or the interfaces without their implementation, means that one.
            if (!kinds.contains(FeatureIndex.kind(name)) && !kinds.contains(FeatureIndex.kind(name) + "container")) {
                wanted.put(name, user);
            }
        });
        wanted.keySet().removeIf(index::isInEveryGuest);
        Map<String, String> texts = new TreeMap<>();
        configurations.forEach((name, file) -> texts.put(name, file.text()));
        boolean wantsDrivers = wanted.keySet().stream().anyMatch(name -> FeatureIndex.kind(name).equals("jdbc"));
        return new Provision(index, wanted, texts, wantsDrivers ? findings.drivers() : List.of(), warnings(findings), findings.hearsItsEnd());
    }

    private static String known(FeatureIndex index, String name, String where) {
        return index.find(name).orElseThrow(() -> new UnsuitableException(where + " has '" + name + "', which is no feature that a guest can have. "
                + OlderPlatform.kindNow(FeatureIndex.kind(name)).or(() -> Optional.of(FeatureIndex.kind(name))).flatMap(index::find)
                        .map(meant -> index.isInEveryGuest(meant) ? "Every guest has " + meant + ": leave it out." : "Write " + meant + " instead.")
                        .orElseGet(() -> "It can have " + String.join(", ", index.addable()) + ".")));
    }

    private static WarScan.Findings scan(Path war, FeatureIndex index) throws IOException {
        try {
            return WarScan.of(war, index);
        } catch (ZipException noWar) {
            // Open Liberty says so.
            return WarScan.Findings.NONE;
        }
    }

    private static Optional<String> ofWar(Path war) throws IOException {
        try (ZipFile zip = new ZipFile(war.toFile())) {
            ZipEntry entry = zip.getEntry(ServerConfiguration.IN_WAR);
            if (entry == null) {
                return Optional.empty();
            }
            try (InputStream in = zip.getInputStream(entry)) {
                byte[] content = in.readNBytes(ServerConfiguration.LONGEST + 1);
                if (content.length > ServerConfiguration.LONGEST) {
                    throw ServerConfiguration.tooLong(ServerConfiguration.IN_WAR);
                }
                return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
            } catch (CharacterCodingException e) {
                throw new UnsuitableException(ServerConfiguration.IN_WAR + " is not written in UTF-8: write it in UTF-8.");
            }
        } catch (ZipException noWar) {
            // Open Liberty says so.
            return Optional.empty();
        }
    }

    private static List<String> warnings(WarScan.Findings findings) {
        List<String> warnings = new ArrayList<>(findings.remarks());
        findings.absent().forEach((feature, user) -> warnings.add("The WAR uses " + user + ", for which Open Liberty has the feature " + feature
                + ". No guest can have that, for it is neither of the Web Profile nor of MicroProfile: what it stands for fails or has no effect."));
        if (!findings.complete()) {
            warnings.add("The WAR is too large to be looked through to its end: where it needs features that were not found, name them by the attribute"
                    + " features of the <agent>.");
        }
        return warnings;
    }

    /** Whether the guest needs nothing besides what it has. */
    public boolean isEmpty() {
        return features.isEmpty() && configurations.isEmpty();
    }

    /** The features to be added, sorted. */
    public List<String> features() {
        return features.keySet().stream().sorted().toList();
    }

    /** The features to be added and who needs each, for people. */
    public String reasons() {
        return new TreeMap<>(features).entrySet().stream().map(feature -> feature.getKey() + " (" + feature.getValue() + ")").collect(Collectors.joining(", "));
    }

    /** The files of Open Liberty that the features need, by their paths there and in the image's pack. */
    public Set<String> files() {
        return index.files(features.keySet());
    }

    /** Files of configuration by their names, in the order in which they count. */
    public Map<String, String> configurations() {
        return new LinkedHashMap<>(new TreeMap<>(configurations));
    }

    /**
     * Libraries of the WAR that data sources of the server take their drivers from, by their paths in the WAR. Open Liberty makes
     * a data source of the application before the application's own libraries count.
     */
    public List<String> drivers() {
        return drivers;
    }

    /**
     * Whether the application may do something when it is stopped: it has a method for that, or could not be looked through. To stop
     * one that does nothing costs half a second of an emulated processor.
     */
    public boolean hearsItsEnd() {
        return hearsItsEnd;
    }

    /** Sentences about what the WAR uses and no guest can have. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * What to do where the WAR failed for want of a class of the platform, which only what happens can show; empty where it failed
     * of something else.
     *
     * @param runtime the agent's name
     * @param failure what its guest said
     */
    public Optional<String> advice(String runtime, String failure) {
        Matcher missing = MISSING_CLASS.matcher(failure);
        Set<String> sentences = new TreeSet<>();
        while (missing.find()) {
            String name = missing.group(1).replace('/', '.').replaceAll("\\.+$", "");
            String owner = ClassNames.packageOf(name);
            index.ownerOf(owner).ifPresent(feature -> sentences.add("The class " + name + " belongs to the feature " + feature
                    + ", which the guest does not have: write <agent name=\"" + runtime + "\" features=\"" + feature + "\"/> in server.xml."));
            index.absentFor(owner).ifPresent(feature -> sentences.add("The class " + name + " belongs to the feature " + feature
                    + ", which no guest can have: it is neither of the Web Profile nor of MicroProfile."));
            if (OlderPlatform.has(name)) {
                sentences.add("The class " + name + " is of Java EE 8 or older, and the guest has Jakarta EE 10: take a version of the library that uses"
                        + " jakarta packages.");
            }
        }
        return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", sentences));
    }
}
