package dev.agentruntime.sdk;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Finds the class with an entrypoint that the container has left out because it cannot be loaded. */
final class UnloadedEntrypoint {

    private static final String CLASSES = "/WEB-INF/classes/";
    private static final String LIBRARIES = "/WEB-INF/lib/";
    private static final String CLASS = ".class";
    private static final String OURS = AgentEntrypoint.class.getPackageName().replace('.', '/') + "/";
    private static final String ANNOTATION = AgentEntrypoint.class.descriptorString();

    private final ServletContext context;

    private UnloadedEntrypoint(ServletContext context) {
        this.context = context;
    }

    /** A sentence on the class and why it cannot be loaded; empty when there is none. */
    static Optional<String> in(ServletContext context) {
        try {
            UnloadedEntrypoint search = new UnloadedEntrypoint(context);
            Optional<String> found = search.folder(CLASSES);
            return found.isPresent() ? found : search.libraries();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<String> folder(String folder) throws IOException {
        for (String path : paths(folder)) {
            Optional<String> found = path.endsWith("/") ? folder(path) : path.endsWith(CLASS) ? file(path) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<String> file(String path) throws IOException {
        try (InputStream in = context.getResourceAsStream(path)) {
            return in == null ? Optional.empty() : complaint(path.substring(CLASSES.length()), in);
        }
    }

    private Optional<String> libraries() throws IOException {
        for (String path : paths(LIBRARIES)) {
            try (InputStream in = context.getResourceAsStream(path); ZipInputStream jar = new ZipInputStream(in)) {
                for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
                    if (entry.getName().endsWith(CLASS) && !entry.getName().startsWith(OURS)) {
                        Optional<String> found = complaint(entry.getName(), jar);
                        if (found.isPresent()) {
                            return found;
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Set<String> paths(String folder) {
        Set<String> paths = context.getResourcePaths(folder);
        return paths == null ? Set.of() : paths;
    }

    private Optional<String> complaint(String file, InputStream in) throws IOException {
        // Names of annotations stand in a class file as they are.
        if (!new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).contains(ANNOTATION)) {
            return Optional.empty();
        }
        String name = file.substring(0, file.length() - CLASS.length()).replace('/', '.');
        try {
            Class.forName(name, false, context.getClassLoader()).getDeclaredMethods();
            return Optional.empty();
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.of(name + " has a method with @AgentEntrypoint, but the class cannot be loaded: " + e
                    + ". Add what is missing to the WAR");
        }
    }
}
