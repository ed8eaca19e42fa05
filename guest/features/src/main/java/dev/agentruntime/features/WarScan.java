package dev.agentruntime.features;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Looks into a WAR for what it needs of the platform: into its own classes and descriptors, and of its libraries into descriptors
 * and into the beans of bean archives. Other classes of libraries often have parts for platforms that the application does not use.
 */
final class WarScan {

    /**
     * What was found.
     *
     * @param features features to be added, each with who needs it
     * @param absent   features that no guest can have, each with who needs it
     * @param older    who is made for Java EE 8 or older
     * @param newer    a class of the application's own that is compiled for a newer Java than the guest's, and for which
     * @param noWar    why the file is no WAR
     * @param remarks  sentences about what will fail if it is used
     * @param drivers  libraries that are drivers of databases, by their paths in the WAR
     * @param complete whether the WAR was looked through to its end
     * @param hearsItsEnd whether it may do something when it is stopped
     */
    record Findings(Map<String, String> features, Map<String, String> absent, Optional<String> older, Optional<String> newer, Optional<String> noWar,
            List<String> remarks, List<String> drivers, boolean complete, boolean hearsItsEnd) {
        static final Findings NONE = new Findings(Map.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(), true, false);
    }

    private static final String CLASSES = "WEB-INF/classes/";
    private static final String LIBRARIES = "WEB-INF/lib/";
    private static final String DRIVER = "META-INF/services/java.sql.Driver";
    private static final long MOST_BYTES = 1L << 30;
    private static final int MOST_ENTRIES = 200_000;
    /** More tell nothing new. */
    private static final int MOST_REMARKS = 20;
    /** A class file that is one has its constants at its beginning. */
    private static final int PIECE = 64 * 1024;
    /** How annotations begin that make a class one of the application's parts. */
    private static final List<String> BEANS = List.of("Ljakarta/enterprise/context/", "Ljakarta/inject/", "Ljakarta/ws/rs/Path;", "Ljakarta/ws/rs/ext/Provider;",
            "Ljakarta/ejb/Stateless;", "Ljakarta/ejb/Stateful;", "Ljakarta/ejb/Singleton;", "Ljakarta/persistence/Entity;", "Ljakarta/interceptor/Interceptor;",
            "Ljakarta/servlet/annotation/");

    private final ZipFile war;
    private final Needs needs;
    private final Descriptors descriptors;
    private final Budget budget;
    private final FeatureIndex index;
    private final WarShape shape = new WarShape();
    private final Goodbyes goodbyes = new Goodbyes();
    private final Set<String> drivers = new LinkedHashSet<>();
    private final List<String> remarks = new ArrayList<>();
    private Optional<String> newer = Optional.empty();

    private WarScan(ZipFile war, FeatureIndex index, Budget budget) {
        this.war = war;
        this.index = index;
        this.needs = new Needs(index);
        this.descriptors = new Descriptors(needs);
        this.budget = budget;
    }

    /** @throws IOException the file is no WAR, which Open Liberty says better */
    static Findings of(Path file, FeatureIndex index) throws IOException {
        return of(file, index, new Budget(MOST_BYTES, MOST_ENTRIES));
    }

    static Findings of(Path file, FeatureIndex index, Budget budget) throws IOException {
        try (ZipFile war = new ZipFile(file.toFile())) {
            WarScan scan = new WarScan(war, index, budget);
            try {
                scan.run();
            } catch (Budget.SpentException spent) {
                return scan.findings(false);
            }
            scan.needs.missingProviders().forEach((provider, user) -> scan.remark(user + " names the persistence provider " + provider
                    + ", which the WAR does not have: put its library into WEB-INF/lib, or take <provider> out to have Open Liberty's."));
            return scan.findings(true);
        }
    }

    private Findings findings(boolean complete) {
        return new Findings(needs.features(), needs.absent(), needs.older(), newer, complete ? shape.complaint() : Optional.empty(), List.copyOf(remarks),
                List.copyOf(drivers), complete, goodbyes.any() || !complete);
    }

    /** The application itself comes first: where the WAR is too large, libraries are what is left out. */
    private void run() throws IOException {
        List<ZipEntry> libraries = new ArrayList<>();
        for (ZipEntry entry : (Iterable<ZipEntry>) () -> war.stream().map(ZipEntry.class::cast).iterator()) {
            budget.takeEntry();
            shape.see(entry.getName());
            if (entry.getName().startsWith(LIBRARIES)) {
                if (entry.getName().endsWith(".jar")) {
                    libraries.add(entry);
                }
            } else if (!entry.isDirectory()) {
                lookAtOwn(entry);
            }
        }
        for (ZipEntry library : libraries) {
            lookAtLibrary(library);
        }
    }

    private void lookAtOwn(ZipEntry entry) throws IOException {
        String name = entry.getName();
        try (InputStream in = budget.counted(war.getInputStream(entry))) {
            if (!name.startsWith(CLASSES)) {
                descriptors.look(name, name, in);
            } else if (isClass(name.substring(CLASSES.length()))) {
                lookAtOwnClass(className(name.substring(CLASSES.length())), in);
            } else {
                descriptors.look(name.substring(CLASSES.length()), name, in);
            }
        } catch (Budget.SpentException spent) {
            throw spent;
        } catch (IOException unreadable) {
            // Whoever loads this file will say so.
            goodbyes.unknown();
        }
    }

    /** Those of one version of Java only are for libraries, and nobody loads them in a WAR's own classes. */
    private static boolean isClass(String path) {
        return path.endsWith(".class") && !path.startsWith("META-INF/") && !path.endsWith("module-info.class");
    }

    private static String className(String path) {
        return path.substring(0, path.length() - ".class".length()).replace('/', '.');
    }

    private void lookAtOwnClass(String name, InputStream in) throws IOException {
        ConstantPool pool = ConstantPool.of(new BufferedInputStream(in));
        Set<String> names = ClassNames.in(pool.texts());
        goodbyes.look(name, pool.texts());
        needs.brings(name, names);
        needs.classes(name, names);
        if (newer.isEmpty() && pool.java() > index.java()) {
            newer = Optional.of(name + " is compiled for Java " + pool.java());
        }
    }

    private void lookAtLibrary(ZipEntry library) throws IOException {
        Needs beans = new Needs(index);
        Optional<String> tooNew = Optional.empty();
        boolean isArchive = false;
        String shown = library.getName().substring(LIBRARIES.length());
        try (ZipInputStream in = new ZipInputStream(budget.counted(war.getInputStream(library)))) {
            InputStream content = budget.counted(in);
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                budget.takeEntry();
                String name = entry.getName();
                if (isClass(name)) {
                    Optional<String> of = lookAtClass(className(name), content, shown, beans);
                    tooNew = tooNew.or(() -> of);
                } else if (name.startsWith("META-INF/")) {
                    isArchive |= name.equals("META-INF/beans.xml");
                    if (name.equals(DRIVER)) {
                        drivers.add(library.getName());
                    }
                    // Where pages of a library lie, they are the application's.
                    String place = name.startsWith("META-INF/resources/") ? name.substring("META-INF/resources/".length()) : name;
                    descriptors.look(place, shown + "!/" + name, content);
                }
                drain(content);
            }
        } catch (Budget.SpentException spent) {
            throw spent;
        } catch (IOException | IllegalArgumentException unreadable) {
            // Whoever loads this library reads it in another way, and may well succeed.
            goodbyes.unknown();
            remark("The library " + shown + " could not be looked through to its end (" + unreadable.getMessage()
                    + "): where it needs features that were not found, name them by the attribute features of the <agent>.");
        }
        tooNew.ifPresent(name -> remark("The library " + shown + " has " + name + ", and the guest has Java " + index.java()
                + ": what uses it fails. Take a version of it for Java " + index.java() + "."));
        if (isArchive) {
            needs.add(beans);
        }
    }

    private void remark(String sentence) {
        if (remarks.size() < MOST_REMARKS) {
            remarks.add(sentence);
        }
    }

    /** Returns the class with the Java that it is compiled for where that is newer than the guest's. */
    private Optional<String> lookAtClass(String name, InputStream content, String library, Needs beans) throws IOException {
        try {
            ConstantPool pool = ConstantPool.of(new BufferedInputStream(content));
            Set<String> names = ClassNames.in(pool.texts());
            goodbyes.look(name, pool.texts());
            needs.brings(name, names);
            if (pool.texts().stream().anyMatch(text -> BEANS.stream().anyMatch(text::startsWith))) {
                String user = name + " of " + library;
                beans.classes(user, names);
                needs.security(user, pool.texts());
            }
            return pool.java() > index.java() ? Optional.of(name + ", which is compiled for Java " + pool.java()) : Optional.empty();
        } catch (Budget.SpentException spent) {
            throw spent;
        } catch (IOException noClass) {
            // Whoever loads this class will say so.
            goodbyes.unknown();
            return Optional.empty();
        }
    }

    /** What is passed over is unpacked all the same, and so it counts. */
    private static void drain(InputStream content) throws IOException {
        byte[] piece = new byte[PIECE];
        while (content.read(piece) >= 0) {
            continue;
        }
    }
}
