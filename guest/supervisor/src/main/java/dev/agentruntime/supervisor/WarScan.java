package dev.agentruntime.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * Looks into a WAR for what the guest does not have. Reads the application's own classes and its descriptors, and of its
 * libraries no more than the names in them.
 */
final class WarScan {
    private static final String CLASSES = "WEB-INF/classes/";
    private static final String LIBRARIES = "WEB-INF/lib/";
    private static final int LONGEST_DESCRIPTOR = 1024 * 1024;
    private static final int SHOWN = 3;

    /**
     * What was found.
     *
     * @param warnings sentences, each on one feature that the WAR uses and the guest does not have
     * @param olderPlatform a sentence when the WAR's own classes are made for Java EE 8 or older
     */
    record Findings(List<String> warnings, Optional<String> olderPlatform) {
    }

    private final ZipFile war;
    /** Package, and the first class or file that uses it. */
    private final Map<String, String> used = new LinkedHashMap<>();
    private final Map<String, String> older = new LinkedHashMap<>();

    private WarScan(ZipFile war) {
        this.war = war;
    }

    /** @throws IOException the file is no WAR, which Open Liberty says better */
    static Findings of(Path file) throws IOException {
        try (ZipFile war = new ZipFile(file.toFile())) {
            return new WarScan(war).findings();
        }
    }

    private Findings findings() throws IOException {
        for (ZipEntry entry : (Iterable<ZipEntry>) () -> war.stream().map(ZipEntry.class::cast).iterator()) {
            look(entry);
        }
        used.keySet().removeIf(name -> !name.equals("jakarta.servlet.jsp") && isInside(name));
        older.keySet().removeIf(this::isInside);
        Map<String, List<String>> byFeature = new LinkedHashMap<>();
        used.forEach((name, user) -> byFeature.computeIfAbsent(GuestFeatures.missingFor(name).orElse(name), key -> new ArrayList<>())
                .add(name + " (" + user + ")"));
        List<String> warnings = byFeature.entrySet().stream()
                .map(entry -> "The WAR uses " + first(entry.getValue()) + ", and the guest does not have " + entry.getKey()
                        + ": what it stands for fails or has no effect.").toList();
        List<String> names = older.entrySet().stream().map(entry -> entry.getKey() + " (" + entry.getValue() + ")").toList();
        return new Findings(warnings, names.isEmpty() ? Optional.empty()
                : Optional.of("The WAR is made for Java EE 8 or older: it uses " + first(names)
                        + ". The guest has Jakarta EE 10: change the imports from javax to jakarta and build it against jakarta.jakartaee-api 10."));
    }

    private void look(ZipEntry entry) throws IOException {
        String name = entry.getName();
        if (name.startsWith(CLASSES) && name.endsWith(".class")) {
            try (InputStream in = war.getInputStream(entry)) {
                lookAtClass(name.substring(CLASSES.length(), name.length() - ".class".length()).replace('/', '.'), ConstantPool.texts(in));
            } catch (IOException unreadable) {
                // Whoever loads this class will say so.
                return;
            }
        } else if (name.matches("(?!WEB-INF/lib/).*\\.(jsp|jspx|jspf)")) {
            used.putIfAbsent("jakarta.servlet.jsp", name);
        } else if (name.equals("WEB-INF/faces-config.xml")) {
            used.putIfAbsent("jakarta.faces", name);
        } else if (name.equals("WEB-INF/ejb-jar.xml")) {
            used.putIfAbsent("jakarta.ejb", name);
        } else if (name.equals(CLASSES + "META-INF/persistence.xml")) {
            used.putIfAbsent("jakarta.persistence", name);
        } else if (name.equals("WEB-INF/web.xml")) {
            try (InputStream in = war.getInputStream(entry)) {
                String text = new String(in.readNBytes(LONGEST_DESCRIPTOR), StandardCharsets.UTF_8);
                if (text.contains("<security-constraint") || text.contains("<login-config")) {
                    used.putIfAbsent("jakarta.annotation.security", name);
                }
            }
        }
    }

    private void lookAtClass(String name, List<String> texts) {
        for (String missing : GuestFeatures.missingPackages()) {
            if (!used.containsKey(missing) && mentions(texts, missing + ".")) {
                used.put(missing, name);
            }
        }
        for (String package8 : GuestFeatures.olderPackages()) {
            if (!older.containsKey(package8) && mentions(texts, package8)) {
                older.put(package8, name);
            }
        }
    }

    /** Names of classes stand in a class file with slashes, alone or in descriptors between L and semicolon. */
    private static boolean mentions(List<String> texts, String name) {
        String path = name.replace('.', '/');
        String inDescriptor = "L" + path;
        return texts.stream().anyMatch(text -> text.startsWith(path) || text.contains(inDescriptor));
    }

    /** Whether the WAR brings the package along. */
    private boolean isInside(String packageName) {
        String path = packageName.replace('.', '/') + "/";
        return war.stream().anyMatch(entry -> entry.getName().startsWith(CLASSES + path)
                || entry.getName().startsWith(LIBRARIES) && entry.getName().endsWith(".jar") && libraryHas(entry, path));
    }

    private boolean libraryHas(ZipEntry library, String path) {
        try (ZipInputStream in = new ZipInputStream(war.getInputStream(library))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.getName().startsWith(path)) {
                    return true;
                }
            }
            return false;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static String first(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(SHOWN, names.size()))) + (names.size() > SHOWN ? " and more" : "");
    }
}
