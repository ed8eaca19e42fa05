package dev.agentruntime.agentctl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The files of the archetype, filled in as Maven's archetype plugin does. */
record Archetype(String group, String name, String javaPackage) {

    private static final List<String> FILES = List.of("pom.xml", "README.md");
    private static final List<String> MAIN = List.of("Agent.java", "WorldClock.java");
    private static final List<String> TEST = List.of("AgentTest.java", "AgentIT.java");

    void write(Path folder) throws IOException {
        String packaged = javaPackage.replace('.', '/');
        for (String file : FILES) {
            write(file, folder.resolve(file));
        }
        for (String file : MAIN) {
            write("src/main/java/" + file, folder.resolve("src/main/java").resolve(packaged).resolve(file));
        }
        for (String file : TEST) {
            write("src/test/java/" + file, folder.resolve("src/test/java").resolve(packaged).resolve(file));
        }
        Files.writeString(folder.resolve(".gitignore"), "target/\n");
    }

    private void write(String resource, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, filled(resource));
    }

    String filled(String resource) throws IOException {
        try (InputStream in = Archetype.class.getResourceAsStream("/archetype-resources/" + resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> name : Map.of("groupId", group, "artifactId", name(), "version", "1.0", "package", javaPackage).entrySet()) {
                text = text.replace("${" + name.getKey() + "}", name.getValue());
            }
            return text;
        }
    }
}
