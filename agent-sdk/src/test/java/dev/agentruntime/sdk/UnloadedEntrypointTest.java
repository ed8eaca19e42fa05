package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.testagents.EchoAgent;
import dev.agentruntime.testagents.Greeter;
import dev.agentruntime.testagents.OrphanAgent;
import jakarta.servlet.ServletContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnloadedEntrypointTest {

    @TempDir
    Path war;

    private void put(String folder, Class<?>... classes) throws IOException {
        for (Class<?> type : classes) {
            String resource = type.getName().replace('.', '/') + ".class";
            Path file = war.resolve(folder).resolve(resource);
            Files.createDirectories(file.getParent());
            try (InputStream in = type.getClassLoader().getResourceAsStream(resource)) {
                Files.write(file, in.readAllBytes());
            }
        }
    }

    /** As much of a context as the search asks for; what is not a folder in the WAR is null, as the specification has it. */
    private ServletContext context() throws IOException {
        URL[] urls = {war.resolve("WEB-INF/classes").toUri().toURL()};
        ClassLoader loader = new URLClassLoader(urls, new SdkOnly());
        return (ServletContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ServletContext.class}, (proxy, method, arguments) ->
                switch (method.getName()) {
                    case "getClassLoader" -> loader;
                    case "getResourcePaths" -> paths((String) arguments[0]);
                    case "getResourceAsStream" -> new ByteArrayInputStream(Files.readAllBytes(war.resolve(((String) arguments[0]).substring(1))));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** Hides the classes of the tests' agents. */
    private static final class SdkOnly extends ClassLoader {
        SdkOnly() {
            super(UnloadedEntrypointTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.agentruntime.testagents.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    private Set<String> paths(String folder) {
        Path directory = war.resolve(folder.substring(1));
        if (!Files.isDirectory(directory)) {
            return null;
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> "/" + war.relativize(child) + (Files.isDirectory(child) ? "/" : "")).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aClassWhoseSuperclassIsMissingIsNamedWithTheReason() throws Exception {
        put("WEB-INF/classes", OrphanAgent.class);
        assertThat(UnloadedEntrypoint.in(context())).get().asString()
                .startsWith(OrphanAgent.class.getName() + " has a method with @AgentEntrypoint, but the class cannot be loaded: java.lang.NoClassDefFoundError")
                .contains("Greeter");
    }

    @Test
    void classesThatLoadAndClassesWithoutEntrypointAreNotNamed() throws Exception {
        put("WEB-INF/classes", OrphanAgent.class, Greeter.class, EchoAgent.class);
        assertThat(UnloadedEntrypoint.in(context())).isEmpty();
    }

    @Test
    void aClassInALibraryIsFoundToo() throws Exception {
        Path jar = Wars.of(war, "library", OrphanAgent.class);
        Path library = Files.createDirectories(war.resolve("WEB-INF/lib")).resolve("agent.jar");
        // In a library classes lie at the top.
        try (var from = new java.util.zip.ZipFile(jar.toFile()); var to = new java.util.zip.ZipOutputStream(Files.newOutputStream(library))) {
            String name = OrphanAgent.class.getName().replace('.', '/') + ".class";
            to.putNextEntry(new java.util.zip.ZipEntry(name));
            from.getInputStream(from.getEntry("WEB-INF/classes/" + name)).transferTo(to);
        }
        assertThat(UnloadedEntrypoint.in(context())).get().asString().contains(OrphanAgent.class.getName());
    }

    @Test
    void anEmptyOrBrokenWarHasNone() throws Exception {
        assertThat(UnloadedEntrypoint.in(context())).isEmpty();
        Files.writeString(Files.createDirectories(war.resolve("WEB-INF/lib")).resolve("broken.jar"), "no jar");
        Files.writeString(Files.createDirectories(war.resolve("WEB-INF/classes")).resolve("Broken.class"), "no class");
        assertThat(UnloadedEntrypoint.in(context())).isEmpty();
    }
}
