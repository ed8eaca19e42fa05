package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The room that templates take on the disk, and the locks by which servers tell each other which they make and use. Thread-safe. */
final class TemplateRoom {

    private final Path directory;
    private final long maxBytes;

    /** @param maxBytes bound on what templates that are not in use may take together with those that are */
    TemplateRoom(Path directory, long maxBytes) {
        this.directory = directory;
        this.maxBytes = maxBytes;
    }

    /** Held, by one, while a template is made or dropped. */
    Path makingLock(String key) {
        return directory.resolve(key + ".lock");
    }

    /** Shared by those that use a template. */
    Path usingLock(String key) {
        return directory.resolve(key + ".users");
    }

    /**
     * Drops the least recently used templates that nobody uses until the others fit the bound.
     *
     * @param needed keys of those that are not dropped
     */
    void make(Set<String> needed) throws IOException {
        List<Template> templates = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory, path -> path.getFileName().toString().matches("[0-9a-f]{64}"))) {
            entries.forEach(entry -> templates.add(new Template(entry.getFileName().toString(), entry)));
        }
        templates.sort(Comparator.comparing(TemplateRoom::lastUsed));
        long total = templates.stream().mapToLong(TemplateFiles::dataBytes).sum();
        for (Template template : templates) {
            if (total <= maxBytes) {
                return;
            }
            long size = TemplateFiles.dataBytes(template);
            if (!needed.contains(template.key()) && dropUnused(template)) {
                DriverMessage.TEMPLATE_DROPPED.log(template.key());
                total -= size;
            }
        }
    }

    private static FileTime lastUsed(Template template) {
        try {
            return Files.getLastModifiedTime(template.properties());
        } catch (IOException e) {
            return FileTime.from(Instant.EPOCH);
        }
    }

    /** Removes lock files of templates that are gone. */
    void removeLocks() throws IOException {
        try (var locks = Files.newDirectoryStream(directory, "*.{lock,users}")) {
            for (Path lock : locks) {
                String name = lock.getFileName().toString();
                String key = name.substring(0, name.lastIndexOf('.'));
                if (!Files.isDirectory(directory.resolve(key))) {
                    ifUnused(key, () -> { });
                }
            }
        }
    }

    /**
     * Drops a template unless anybody, in any process, makes or uses it.
     *
     * @return whether it is dropped
     */
    boolean dropUnused(Template template) throws IOException {
        return ifUnused(template.key(), () -> TemplateFiles.remove(template.directory()));
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Does something while nobody, in any process, makes or uses the template of a key; then its lock files go as well. */
    private boolean ifUnused(String key, Work work) throws IOException {
        Optional<KeyLock> making = KeyLock.tryExclusive(makingLock(key));
        if (making.isEmpty()) {
            return false;
        }
        try (KeyLock nobodyMakesIt = making.get()) {
            Optional<KeyLock> using = KeyLock.tryExclusive(usingLock(key));
            if (using.isEmpty()) {
                return false;
            }
            try (KeyLock nobodyUsesIt = using.get()) {
                work.run();
                nobodyUsesIt.deleteFile();
                nobodyMakesIt.deleteFile();
                return true;
            }
        }
    }
}
