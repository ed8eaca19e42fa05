package dev.agentruntime.features;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
     * @param drivers  libraries that are drivers of databases, by their paths in the WAR
     * @param complete whether the WAR was looked through to its end
     */
    record Findings(Map<String, String> features, Map<String, String> absent, Optional<String> older, List<String> drivers, boolean complete) {
        static final Findings NONE = new Findings(Map.of(), Map.of(), Optional.empty(), List.of(), true);
    }

    private static final String CLASSES = "WEB-INF/classes/";
    private static final String LIBRARIES = "WEB-INF/lib/";
    private static final String DRIVER = "META-INF/services/java.sql.Driver";
    private static final long MOST_BYTES = 1L << 30;
    private static final int MOST_ENTRIES = 200_000;
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
    private final List<String> drivers;

    private WarScan(ZipFile war, Needs needs, Budget budget, List<String> drivers) {
        this.war = war;
        this.needs = needs;
        this.descriptors = new Descriptors(needs);
        this.budget = budget;
        this.drivers = drivers;
    }

    /** @throws IOException the file is no WAR, which Open Liberty says better */
    static Findings of(Path file, FeatureIndex index) throws IOException {
        return of(file, index, new Budget(MOST_BYTES, MOST_ENTRIES));
    }

    static Findings of(Path file, FeatureIndex index, Budget budget) throws IOException {
        Needs needs = new Needs(index);
        List<String> drivers = new ArrayList<>();
        boolean complete = true;
        try (ZipFile war = new ZipFile(file.toFile())) {
            new WarScan(war, needs, budget, drivers).run();
        } catch (Budget.SpentException spent) {
            complete = false;
        }
        return new Findings(needs.features(), needs.absent(), needs.older(), List.copyOf(drivers), complete);
    }

    /** The application itself comes first: where the WAR is too large, libraries are what is left out. */
    private void run() throws IOException {
        List<ZipEntry> libraries = new ArrayList<>();
        for (ZipEntry entry : (Iterable<ZipEntry>) () -> war.stream().map(ZipEntry.class::cast).iterator()) {
            budget.takeEntry();
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
            } else if (name.endsWith(".class")) {
                String path = name.substring(CLASSES.length(), name.length() - ".class".length());
                needs.brings(ClassNames.packageOf(path.replace('/', '.')));
                needs.classes(path.replace('/', '.'), ClassNames.in(ConstantPool.texts(new BufferedInputStream(in))));
            } else {
                descriptors.look(name.substring(CLASSES.length()), name, in);
            }
        } catch (Budget.SpentException spent) {
            throw spent;
        } catch (IOException unreadable) {
            // Whoever loads this file will say so.
            return;
        }
    }

    private void lookAtLibrary(ZipEntry library) throws IOException {
        Map<String, Set<String>> beans = new LinkedHashMap<>();
        boolean isArchive = false;
        String shown = library.getName().substring(LIBRARIES.length());
        try (ZipInputStream in = new ZipInputStream(budget.counted(war.getInputStream(library)))) {
            InputStream content = budget.counted(in);
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                budget.takeEntry();
                String name = entry.getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
                    needs.brings(ClassNames.packageOf(name.substring(0, name.length() - ".class".length()).replace('/', '.')));
                    lookAtBean(name, content, shown, beans);
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
            // Whoever loads this library will say so.
            return;
        }
        if (isArchive) {
            beans.forEach(needs::classes);
        }
    }

    private static void lookAtBean(String name, InputStream content, String shown, Map<String, Set<String>> beans) throws IOException {
        try {
            List<String> texts = ConstantPool.texts(new BufferedInputStream(content));
            if (texts.stream().anyMatch(text -> BEANS.stream().anyMatch(text::startsWith))) {
                beans.put(name.substring(0, name.length() - ".class".length()).replace('/', '.') + " of " + shown, ClassNames.in(texts));
            }
        } catch (Budget.SpentException spent) {
            throw spent;
        } catch (IOException noClass) {
            // Whoever loads this class will say so.
            return;
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
