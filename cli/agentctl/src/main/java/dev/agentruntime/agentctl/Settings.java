package dev.agentruntime.agentctl;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.Properties;

/** What stands in {@code config.properties}. */
record Settings(Path file, Map<String, String> values) {

    private static final List<String> KNOWN = List.of("server", "trust");

    static Settings of(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException none) {
            return new Settings(file, Map.of());
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(ExitCode.FAULT, "The settings in " + file + " cannot be read: " + e.getMessage(), e);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> {
            if (!KNOWN.contains(name)) {
                throw new Problem(ExitCode.USAGE, "The file " + file + " has the setting '" + name + "', which is none. There are "
                        + String.join(", ", KNOWN) + ".");
            }
            values.put(name, properties.getProperty(name).strip());
        });
        return new Settings(file, values);
    }

    Optional<String> server() {
        return Optional.ofNullable(values.get("server"));
    }

    /** A relative one is beside the settings. */
    Optional<Path> trust() {
        return Optional.ofNullable(values.get("trust")).map(file.toAbsolutePath().getParent()::resolve);
    }

    /** Sets it in the file, whose other lines stay as they are. */
    void put(String name, String value) {
        try {
            List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
            lines.removeIf(line -> line.matches("\\s*" + name + "\\s*[=:].*"));
            lines.add(name + " = " + value.replace("\\", "\\\\"));
            OwnFile.write(file, String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new Problem(ExitCode.FAULT, "The settings in " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
