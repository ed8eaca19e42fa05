package dev.agentruntime.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Makes real WARs: a few classes in WEB-INF/classes, the SDK as a jar in WEB-INF/lib. */
final class Wars {

    private static final Path SDK_CLASSES = Path.of("target", "classes");

    private Wars() {
    }

    static Path of(Path folder, String name, Class<?>... classes) throws IOException {
        Path sdk = folder.resolve("agent-sdk.jar");
        try (JarOutputStream jar = jar(sdk); Stream<Path> files = Files.walk(SDK_CLASSES)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                add(jar, SDK_CLASSES.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        Path war = folder.resolve(name + ".war");
        try (JarOutputStream jar = jar(war)) {
            add(jar, "WEB-INF/lib/agent-sdk.jar", Files.readAllBytes(sdk));
            for (Class<?> type : List.of(classes)) {
                String resource = type.getName().replace('.', '/') + ".class";
                try (InputStream bytes = Wars.class.getClassLoader().getResourceAsStream(resource)) {
                    add(jar, "WEB-INF/classes/" + resource, bytes.readAllBytes());
                }
            }
        }
        return war;
    }

    private static JarOutputStream jar(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return new JarOutputStream(out);
    }

    private static void add(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }
}
