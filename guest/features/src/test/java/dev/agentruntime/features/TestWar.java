package dev.agentruntime.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;

/** A WAR or a library made of sources: some of its classes go in, others are there to compile against only. */
final class TestWar {
    private final Path folder;
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final List<String> included = new ArrayList<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    TestWar(Path folder) throws IOException {
        this.folder = Files.createTempDirectory(folder, "war");
    }

    /** A class of the application. */
    TestWar with(String name, String source) {
        included.add(name);
        return against(name, source);
    }

    /** A class that somebody else has. */
    TestWar against(String name, String source) {
        sources.put(name, "package " + ClassNames.packageOf(name) + "; " + source);
        return this;
    }

    TestWar file(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    TestWar file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    TestWar library(String name, TestWar library) throws IOException {
        return file("WEB-INF/lib/" + name, library.bytes(""));
    }

    Path war() throws IOException {
        return Files.write(folder.resolve("agent.war"), bytes("WEB-INF/classes/"));
    }

    byte[] bytes(String prefix) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", folder.resolve("out").toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            arguments.add(Files.writeString(file, source.getValue()).toString());
        }
        if (!sources.isEmpty()) {
            assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new))).isZero();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : included) {
                String path = name.replace('.', '/') + ".class";
                put(zip, prefix + path, Files.readAllBytes(folder.resolve("out").resolve(path)));
            }
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                put(zip, file.getKey(), file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
    }
}
