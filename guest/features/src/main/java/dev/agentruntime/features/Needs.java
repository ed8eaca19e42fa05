package dev.agentruntime.features;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects what the parts of a WAR need. Where several parts need the same, the first one is named. Not thread-safe. */
final class Needs {
    /** What an application server holds to or fills in although nobody calls it, wherever the annotation's class comes from. */
    private static final Set<String> SECURITY = Set.of("jakarta.annotation.security.RolesAllowed", "jakarta.annotation.security.DenyAll",
            "jakarta.annotation.security.DeclareRoles", "jakarta.annotation.security.RunAs", "jakarta.servlet.annotation.ServletSecurity");
    private static final Set<String> DATA_SOURCES = Set.of("jakarta.annotation.sql.DataSourceDefinition", "jakarta.annotation.sql.DataSourceDefinitions");
    private static final String MESSAGE_DRIVEN = "jakarta.ejb.MessageDriven";

    private final FeatureIndex index;
    /** Package, and who uses it. */
    private final Map<String, String> packages = new LinkedHashMap<>();
    /** Kind of a feature, such as "pages", that a file shows, and which file. */
    private final Map<String, String> kinds = new LinkedHashMap<>();
    private final Map<String, String> older = new LinkedHashMap<>();
    private final Map<String, String> absent = new LinkedHashMap<>();
    private final Set<String> brought = new TreeSet<>();

    Needs(FeatureIndex index) {
        this.index = index;
    }

    /** @param user the class that mentions {@code names} */
    void classes(String user, Set<String> names) {
        for (String name : names) {
            packages.putIfAbsent(ClassNames.packageOf(name), user);
            if (SECURITY.contains(name)) {
                kind("appSecurity", user);
            } else if (DATA_SOURCES.contains(name)) {
                kind("jdbc", user);
            } else if (name.equals(MESSAGE_DRIVEN)) {
                absent.putIfAbsent("mdb-4.0", user);
            } else if (OlderPlatform.has(name)) {
                older.putIfAbsent(name, user);
            }
        }
    }

    /** @param user a file that shows it */
    void kind(String kind, String user) {
        kinds.putIfAbsent(kind, user);
    }

    void missing(String feature, String user) {
        absent.putIfAbsent(feature, user);
    }

    /** Something that is there in the platform of Java EE 8 only. */
    void older(String name, String user) {
        older.putIfAbsent(name, user);
    }

    /** The WAR has classes in this package. */
    void brings(String packageName) {
        brought.add(packageName);
    }

    /** Features to be added, each with who needs it. */
    Map<String, String> features() {
        Map<String, String> features = new TreeMap<>();
        packages.forEach((name, user) -> {
            if (!brought.contains(name) || name.startsWith("jakarta.servlet.jsp")) {
                index.ownerOf(name).ifPresent(feature -> features.putIfAbsent(feature, name + " in " + user));
            }
        });
        kinds.forEach((kind, user) -> {
            if (!isBrought(kind)) {
                index.find(kind).filter(feature -> !index.isInEveryGuest(feature)).ifPresent(feature -> features.putIfAbsent(feature, user));
            }
        });
        // MicroProfile JWT checks roles as well, by the token instead of a login of its own.
        if (features.keySet().stream().anyMatch(feature -> FeatureIndex.kind(feature).equals("mpjwt"))) {
            index.find("appSecurity").filter(feature -> packages.keySet().stream().noneMatch(name -> name.startsWith("jakarta.security.enterprise")))
                    .ifPresent(features::remove);
        }
        return features;
    }

    /** An implementation that the WAR brings reads its descriptors too. */
    private boolean isBrought(String kind) {
        return kind.equals("persistence") && brought.contains("jakarta.persistence") || kind.equals("faces") && brought.contains("jakarta.faces");
    }

    /** Features that no guest can have, each with who needs it. */
    Map<String, String> absent() {
        Map<String, String> all = new TreeMap<>(absent);
        packages.forEach((name, user) -> {
            if (!brought.contains(name)) {
                index.absentFor(name).ifPresent(feature -> all.putIfAbsent(feature, name + " in " + user));
            }
        });
        return all;
    }

    /** Who uses the older platform. */
    Optional<String> older() {
        return older.entrySet().stream().filter(entry -> !brought.contains(ClassNames.packageOf(entry.getKey())))
                .map(entry -> entry.getKey() + " in " + entry.getValue()).findFirst();
    }
}
