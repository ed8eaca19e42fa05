package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** A WAR made of sources: some of its classes go in, others are there to compile against only. */
final class Compiled {
    private final Path folder;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final List<String> included = new ArrayList<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    Compiled(Path folder) throws IOException {
        this.folder = Files.createTempDirectory(folder, "war");
    }

    /** A class of the application. */
    Compiled with(String name, String source) {
        included.add(name);
        return against(name, source);
    }

    /** A class of the tests. */
    Compiled with(Class<?> type) throws IOException {
        String path = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
            return file("WEB-INF/classes/" + path, in.readAllBytes());
        }
    }

    /** A class that the guest or nobody has. */
    Compiled against(String name, String source) {
        sources.put(name, source);
        return this;
    }

    /** An annotation for methods, types and fields that the guest or nobody has. */
    Compiled againstAnnotation(String name) {
        int dot = name.lastIndexOf('.');
        return against(name, "package " + name.substring(0, dot) + "; import java.lang.annotation.*; @Retention(RetentionPolicy.RUNTIME) public @interface "
                + name.substring(dot + 1) + " { String[] value() default {}; }");
    }

    Compiled file(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    byte[] war() throws IOException {
        return bytes("WEB-INF/classes/");
    }

    byte[] jar() throws IOException {
        return bytes("");
    }

    private byte[] bytes(String prefix) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-cp", System.getProperty("java.class.path"),
                "-d", folder.resolve("out").toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            arguments.add(Files.writeString(file, source.getValue()).toString());
        }
        if (!sources.isEmpty()) {
            assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new))).isZero();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream war = new ZipOutputStream(bytes)) {
            for (String name : included) {
                String path = name.replace('.', '/') + ".class";
                put(war, prefix + path, Files.readAllBytes(folder.resolve("out").resolve(path)));
            }
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                put(war, file.getKey(), file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream war, String name, byte[] content) throws IOException {
        war.putNextEntry(new ZipEntry(name));
        war.write(content);
    }
}
