package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Templates on disk, shared with other servers on the same state directory. Thread-safe. One of a key is built at a
 * time; what is in use is never dropped; what is found damaged is built again.
 */
final class TemplateStore {

    /** Writes a template's {@code ram} and {@code state} into a folder. */
    interface Builder {
        void build(Template draft);
    }

    private final Path directory;
    private final String serverId;
    private final long maxBytes;
    private final Map<String, Turn> turns = new HashMap<>();
    private final Map<String, Pin> pins = new HashMap<>();

    /** Whose turn it is with a key; there as long as somebody has it or waits for it. */
    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock();
        private int askers;
    }

    /** @param maxBytes bound on what templates that are not in use may take together with those that are */
    TemplateStore(Path directory, String serverId, long maxBytes) {
        this.directory = directory;
        this.serverId = serverId;
        this.maxBytes = maxBytes;
    }

    /** A template that is not dropped until it is let go as often as it was obtained. */
    final class Pin implements AutoCloseable {
        private final Template template;
        private final KeyLock lock;
        private int holders;
        /** Guarded by the key's turn. */
        private boolean discarded;

        private Pin(Template template, KeyLock lock) {
            this.template = template;
            this.lock = lock;
        }

        Template template() {
            return template;
        }

        @Override
        public void close() {
            release(this);
        }
    }

    /** As {@link #obtain(String, Set, Builder)} with a builder that wants no other template. */
    Pin obtain(String key, Builder builder) {
        return obtain(key, Set.of(), builder);
    }

    /**
     * The template of this key, built when there is none or when what is there is damaged. Blocks meanwhile.
     *
     * @param needed keys of templates that the builder will want, which are not dropped to make room for it
     */
    Pin obtain(String key, Set<String> needed, Builder builder) {
        return inTurn(key, () -> {
            try {
                Optional<Pin> held = hold(key);
                return held.isPresent() ? held.get() : hold(load(key, needed, builder));
            } catch (IOException e) {
                throw new CannotCloneException("The template " + key + " could not be kept in " + directory + ": " + e.getMessage()
                        + ". Is the state directory writable, with room in it?", e);
            }
        });
    }

    /** Forgets a template that turned out not to work; who holds it still may go on using it. Idempotent. */
    void discard(Pin pin) {
        inTurn(pin.template.key(), () -> {
            if (!pin.discarded) {
                pin.discarded = true;
                forget(pin);
                try {
                    TemplateFiles.remove(pin.template.directory());
                } catch (IOException e) {
                    DriverMessage.CACHE_NOT_KEPT.log(e, e.getMessage());
                }
            }
            return pin;
        });
    }

    private <T> T inTurn(String key, Supplier<T> work) {
        Turn turn;
        synchronized (turns) {
            turn = turns.computeIfAbsent(key, k -> new Turn());
            turn.askers++;
        }
        turn.lock.lock();
        try {
            return work.get();
        } finally {
            turn.lock.unlock();
            synchronized (turns) {
                turn.askers--;
                if (turn.askers == 0) {
                    turns.remove(key);
                }
            }
        }
    }

    /** Only who makes or drops a template excludes others; who uses it shares it with other servers. */
    private Pin load(String key, Set<String> needed, Builder builder) throws IOException {
        Template template = new Template(key, directory.resolve(key));
        try (KeyLock making = KeyLock.exclusive(makingLock(key))) {
            if (Files.isDirectory(template.directory())) {
                TemplateFiles.damage(template).ifPresent(damage -> drop(template, damage));
            }
            if (!Files.isDirectory(template.directory())) {
                build(template, needed, builder);
            }
            Files.setLastModifiedTime(template.properties(), FileTime.from(Instant.now()));
            return new Pin(template, KeyLock.shared(usingLock(key)));
        }
    }

    private static void drop(Template template, String damage) {
        DriverMessage.TEMPLATE_CORRUPT.log(template.key(), damage);
        try {
            TemplateFiles.remove(template.directory());
        } catch (IOException e) {
            throw new CannotCloneException("The damaged template " + template.directory() + " could not be removed: " + e.getMessage(), e);
        }
    }

    private void build(Template template, Set<String> needed, Builder builder) throws IOException {
        makeRoom(needed);
        Template draft = new Template(template.key(), Files.createTempDirectory(directory, draftPrefix()));
        try {
            builder.build(draft);
            TemplateFiles.seal(draft);
            Files.setPosixFilePermissions(draft.directory(), PosixFilePermissions.fromString("rwx--x--x"));
            Files.move(draft.directory(), template.directory(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            TemplateFiles.remove(draft.directory());
        }
    }

    private String draftPrefix() {
        return ".draft-" + serverId + "-";
    }

    /** Removes what an earlier run of this server left: drafts, and locks of templates that are gone. */
    void tidy() throws IOException {
        removeLocks();
        try (var drafts = Files.newDirectoryStream(directory, draftPrefix() + "*")) {
            for (Path draft : drafts) {
                TemplateFiles.remove(draft);
            }
        }
    }

    /** Drops the least recently used templates that nobody uses until the others fit the bound. */
    private void makeRoom(Set<String> needed) throws IOException {
        List<Template> templates = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory, path -> path.getFileName().toString().matches("[0-9a-f]{64}"))) {
            entries.forEach(entry -> templates.add(new Template(entry.getFileName().toString(), entry)));
        }
        templates.sort(Comparator.comparing(TemplateStore::lastUsed));
        long total = templates.stream().mapToLong(TemplateFiles::dataBytes).sum();
        for (Template template : templates) {
            if (total <= maxBytes) {
                return;
            }
            long size = TemplateFiles.dataBytes(template);
            if (!needed.contains(template.key()) && dropIfUnused(template)) {
                DriverMessage.TEMPLATE_DROPPED.log(template.key());
                total -= size;
            }
        }
    }

    private boolean dropIfUnused(Template template) throws IOException {
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

    /** Removes lock files of templates that are gone. */
    private void removeLocks() throws IOException {
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

    private static FileTime lastUsed(Template template) {
        try {
            return Files.getLastModifiedTime(template.properties());
        } catch (IOException e) {
            return FileTime.from(Instant.EPOCH);
        }
    }

    private Path makingLock(String key) {
        return directory.resolve(key + ".lock");
    }

    private Path usingLock(String key) {
        return directory.resolve(key + ".users");
    }

    private Optional<Pin> hold(String key) {
        synchronized (pins) {
            Optional<Pin> pin = Optional.ofNullable(pins.get(key));
            if (pin.isPresent() && !Files.isDirectory(pin.get().template.directory())) {
                forget(pin.get());
                return Optional.empty();
            }
            return pin.map(this::hold);
        }
    }

    private Pin hold(Pin pin) {
        synchronized (pins) {
            pin.holders++;
            pins.put(pin.template.key(), pin);
            return pin;
        }
    }

    private void release(Pin pin) {
        synchronized (pins) {
            if (--pin.holders == 0) {
                forget(pin);
            }
        }
    }

    private void forget(Pin pin) {
        synchronized (pins) {
            pins.remove(pin.template.key(), pin);
        }
        try {
            pin.lock.close();
        } catch (IOException e) {
            DriverMessage.CACHE_NOT_KEPT.log(e, e.getMessage());
        }
    }
}
