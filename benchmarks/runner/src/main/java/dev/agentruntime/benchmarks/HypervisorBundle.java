package dev.agentruntime.benchmarks;

import dev.agentruntime.spi.fake.FakeDriver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The {@link MemoryHypervisor} as a bundle that a server takes for the one that drives libvirt. */
final class HypervisorBundle {

    static final String SYMBOLIC_NAME = "dev.agentruntime.libvirt";
    private static final String VERSION = "0.1.0";

    private HypervisorBundle() {}

    /** Writes it into the folder of a feature's bundles. */
    static void into(Path lib) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", SYMBOLIC_NAME);
        main.putValue("Bundle-Version", VERSION);
        main.putValue("Bundle-Activator", MemoryHypervisor.class.getName());
        main.putValue("Import-Package", "dev.agentruntime.api,dev.agentruntime.spi,dev.agentruntime.config,org.osgi.framework");
        Path jar = lib.resolve(SYMBOLIC_NAME + "_" + VERSION + ".jar");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream bundle = new JarOutputStream(out, manifest)) {
            add(bundle, MemoryHypervisor.class, MemoryHypervisor.class.getSimpleName());
            add(bundle, FakeDriver.class, "");
        }
    }

    /** The classes of a type's package whose names begin so. */
    private static void add(JarOutputStream bundle, Class<?> type, String beginning) throws IOException {
        Path origin = origin(type);
        if (Files.isDirectory(origin)) {
            copy(bundle, origin, type, beginning);
            return;
        }
        try (FileSystem jar = FileSystems.newFileSystem(origin)) {
            copy(bundle, jar.getPath("/"), type, beginning);
        }
    }

    private static Path origin(Class<?> type) throws IOException {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException("Where " + type + " comes from is no path", e);
        }
    }

    private static void copy(JarOutputStream bundle, Path root, Class<?> type, String beginning) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(type.getPackageName().replace('.', '/')))) {
            for (Path file : files.filter(one -> isClass(one.getFileName().toString(), beginning)).toList()) {
                bundle.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, bundle);
                bundle.closeEntry();
            }
        }
    }

    private static boolean isClass(String name, String beginning) {
        return name.endsWith(".class") && name.startsWith(beginning);
    }
}
