package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Writes, checks and removes the files of templates. */
final class TemplateFiles {

    private TemplateFiles() {}

    /** Writes down what {@code ram} and {@code state} hold, so that {@link #damage} can tell later. */
    static void seal(Template template) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("key", template.key());
        for (Path file : new Path[] {template.ram(), template.state()}) {
            Digests.Content content = Digests.content(file);
            properties.setProperty(file.getFileName() + ".size", content.size() + "");
            properties.setProperty(file.getFileName() + ".crc32c", Long.toHexString(content.crc32c()));
            properties.setProperty(file.getFileName() + ".dataBytes", content.dataBytes() + "");
        }
        try (Writer out = Files.newBufferedWriter(template.properties())) {
            properties.store(out, null);
        }
    }

    /** What is wrong with the template; empty when it is what was sealed. Reads all of it. */
    static Optional<String> damage(Template template) {
        return wrong(template, List.of(template.state(), template.ram()));
    }

    /** What can be seen to be wrong at a glance: a file that is gone or has another size, a small one that was changed. */
    static Optional<String> loss(Template template) {
        return wrong(template, List.of(template.state()));
    }

    private static Optional<String> wrong(Template template, List<Path> read) {
        try {
            Properties sealed = read(template);
            if (!template.key().equals(sealed.getProperty("key"))) {
                return Optional.of("template.properties names another key");
            }
            for (Path file : List.of(template.state(), template.ram())) {
                if (!Long.toString(Files.size(file)).equals(sealed.getProperty(file.getFileName() + ".size"))) {
                    return Optional.of(file.getFileName() + " has another size");
                }
            }
            for (Path file : read) {
                if (!Long.toHexString(Digests.content(file).crc32c()).equals(sealed.getProperty(file.getFileName() + ".crc32c"))) {
                    return Optional.of(file.getFileName() + " has another checksum");
                }
            }
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.of(e.getFile() + " is gone");
        } catch (IOException e) {
            return Optional.of("unreadable: " + e.getMessage());
        }
    }

    /**
     * Tells this template from another of the same key, made at another time: a page of one is no page of the other.
     *
     * @throws IOException it is gone
     */
    static String imprint(Template template) throws IOException {
        Properties sealed = read(template);
        return template.key() + " " + sealed.getProperty("ram.crc32c") + " " + sealed.getProperty("state.crc32c");
    }

    /** About how much of the disk it takes. */
    static long dataBytes(Template template) {
        try {
            Properties sealed = read(template);
            return Long.parseLong(sealed.getProperty("ram.dataBytes", "0")) + Long.parseLong(sealed.getProperty("state.dataBytes", "0"));
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static Properties read(Template template) throws IOException {
        Properties sealed = new Properties();
        try (Reader in = Files.newBufferedReader(template.properties())) {
            sealed.load(in);
        }
        return sealed;
    }

    /** A copy that leaves holes where the original has zeros; the JDK cannot write one as fast. */
    static void copySparse(Path from, Path to) {
        try {
            Process process = new ProcessBuilder("cp", "--sparse=always", "--", from.toString(), to.toString()).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes()).strip();
            if (process.waitFor() != 0) {
                throw new CannotCloneException("A template's memory could not be copied from " + from + " to " + to + ": " + output
                        + ". Is there room?", new IOException(output));
            }
        } catch (IOException e) {
            throw new CannotCloneException("cp could not be run to copy " + from + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("Interrupted while copying a template", e);
        }
    }

    /** Removes a folder and what is in it; one that is not there is fine. */
    static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted((a, b) -> b.getNameCount() - a.getNameCount()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
