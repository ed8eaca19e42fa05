package dev.agentruntime.features;

import java.util.LinkedHashMap;
import java.util.List;
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
    private static final String PROVIDER = "jakarta.persistence.spi.PersistenceProvider";
    /** So many of a kind are told of at most; a WAR that has more is made to fill the memory of whoever looks. */
    private static final int MOST = 1000;

    private final FeatureIndex index;
    /** Package, and who uses it. */
    private final Map<String, String> packages = new LinkedHashMap<>();
    /** Kind of a feature, such as "pages", that a file shows, and which file. */
    private final Map<String, String> kinds = new LinkedHashMap<>();
    private final Map<String, String> older = new LinkedHashMap<>();
    private final Map<String, String> absent = new LinkedHashMap<>();
    private final Set<String> brought = new TreeSet<>();
    /** By the class of a persistence provider, the descriptor that names it. */
    private final Map<String, String> providers = new LinkedHashMap<>();
    private final Set<String> broughtProviders = new TreeSet<>();

    Needs(FeatureIndex index) {
        this.index = index;
    }

    /** @param user the class that mentions {@code names} */
    void classes(String user, Set<String> names) {
        for (String name : names) {
            if (index.knows(ClassNames.packageOf(name))) {
                packages.putIfAbsent(ClassNames.packageOf(name), user);
            }
            if (SECURITY.contains(name)) {
                kind("appSecurity", user);
            } else if (DATA_SOURCES.contains(name)) {
                kind("jdbc", user);
            } else if (name.equals(MESSAGE_DRIVEN)) {
                absent.putIfAbsent("mdb-4.0", user);
            } else if (OlderPlatform.has(name)) {
                older(name, user);
            }
        }
    }

    /** Of a class that a server runs as one of the application's parts: whether it is to be held to roles. */
    void security(String user, List<String> texts) {
        if (texts.stream().anyMatch(text -> text.startsWith("L") && text.endsWith(";") && SECURITY.contains(text.substring(1, text.length() - 1).replace('/', '.')))) {
            kind("appSecurity", user);
        }
    }

    /** What parts of a library need that count as the application's own. */
    void add(Needs others) {
        others.packages.forEach(packages::putIfAbsent);
        others.kinds.forEach(kinds::putIfAbsent);
        others.absent.forEach(absent::putIfAbsent);
        others.older.forEach(this::older);
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
        if (older.size() < MOST) {
            older.putIfAbsent(name, user);
        }
    }

    /** The WAR has this class, named with dots, which mentions {@code names}. */
    void brings(String className, Set<String> names) {
        if (ClassNames.isOfPlatform(ClassNames.packageOf(className))) {
            brought.add(ClassNames.packageOf(className));
        }
        // One that extends another library's does not mention the interface.
        boolean isProvider = names.contains(PROVIDER) || className.endsWith("PersistenceProvider") || providers.containsKey(className);
        if (isProvider && broughtProviders.size() < MOST && className.length() <= ClassNames.LONGEST) {
            broughtProviders.add(className);
        }
    }

    /** @param user the persistence.xml that names this class as its provider */
    void provider(String className, String user) {
        if (providers.size() < MOST) {
            providers.putIfAbsent(className, user);
        }
    }

    /** Persistence providers that are named and not there, each with who names it. */
    Map<String, String> missingProviders() {
        Map<String, String> missing = new TreeMap<>(providers);
        missing.keySet().removeAll(broughtProviders);
        missing.keySet().removeIf(name -> name.startsWith("org.eclipse.persistence."));
        return missing;
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
