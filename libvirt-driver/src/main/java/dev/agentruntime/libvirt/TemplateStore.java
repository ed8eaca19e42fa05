package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
    private final TemplateRoom room;
    private final Turns turns = new Turns();
    private final Map<String, Pin> pins = new HashMap<>();
    /** Drafts that are being written now. */
    private final Set<Path> drafts = ConcurrentHashMap.newKeySet();

    /** @param maxBytes bound on what templates that are not in use may take together with those that are */
    TemplateStore(Path directory, String serverId, long maxBytes) {
        this.directory = directory;
        this.serverId = serverId;
        this.room = new TemplateRoom(directory, maxBytes);
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
        return turns.in(key, () -> {
            try {
                Optional<Pin> held = hold(key);
                return held.isPresent() ? held.get() : hold(load(key, needed, builder));
            } catch (IOException e) {
                throw new CannotCloneException("The template " + key + " could not be kept in " + directory + ": " + e.getMessage()
                        + ". Is the state directory writable, with room in it?", e);
            }
        });
    }

    /** A template that somebody holds, held once more; empty when nobody does, or its files are gone. */
    Optional<Pin> share(Template template) {
        return hold(template.key());
    }

    /** The template of this key, where it is there and whole; none is built. Blocks while it is looked through. */
    Optional<Pin> find(String key) {
        return turns.in(key, () -> {
            Optional<Pin> held = hold(key);
            if (held.isPresent()) {
                return held;
            }
            Template template = new Template(key, directory.resolve(key));
            try (KeyLock making = KeyLock.exclusive(room.makingLock(key))) {
                return Files.isDirectory(template.directory()) && TemplateFiles.damage(template).isEmpty()
                        ? Optional.of(hold(new Pin(template, KeyLock.shared(room.usingLock(key))))) : Optional.empty();
            } catch (IOException e) {
                throw new VmException("The template " + key + " could not be read in " + directory + ": " + e.getMessage(), e);
            }
        });
    }

    /** Forgets a template that turned out not to work; who holds it still may go on using it. Idempotent. */
    void discard(Pin pin) {
        turns.in(pin.template.key(), () -> {
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

    /**
     * Lets go of a template that has not worked here, and drops it when nobody else uses it: who does shows that it works.
     * The pin is of no use afterwards; it is closed all the same.
     *
     * @return whether the template is dropped
     */
    boolean discardUnlessShared(Pin pin) {
        return turns.in(pin.template.key(), () -> {
            if (pin.discarded) {
                return true;
            }
            synchronized (pins) {
                if (pin.holders > 1) {
                    return false;
                }
                forget(pin);
            }
            try {
                return room.dropUnused(pin.template);
            } catch (IOException e) {
                DriverMessage.CACHE_NOT_KEPT.log(e, e.getMessage());
                return false;
            }
        });
    }

    /** Only who makes or drops a template excludes others; who uses it shares it with other servers. */
    private Pin load(String key, Set<String> needed, Builder builder) throws IOException {
        Template template = new Template(key, directory.resolve(key));
        try (KeyLock making = KeyLock.exclusive(room.makingLock(key))) {
            if (Files.isDirectory(template.directory())) {
                TemplateFiles.damage(template).ifPresent(damage -> drop(template, damage));
            }
            if (!Files.isDirectory(template.directory())) {
                build(template, needed, builder);
            }
            Files.setLastModifiedTime(template.properties(), FileTime.from(Instant.now()));
            return new Pin(template, KeyLock.shared(room.usingLock(key)));
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
        room.make(needed);
        Template draft = new Template(template.key(), newDraft());
        try {
            builder.build(draft);
            TemplateFiles.seal(draft);
            Files.setPosixFilePermissions(draft.directory(), PosixFilePermissions.fromString("rwx--x--x"));
            Files.move(draft.directory(), template.directory(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            TemplateFiles.remove(draft.directory());
            drafts.remove(draft.directory());
        }
    }

    /** Makes a folder and remembers it in one step, so that {@link #tidy()} sees none that is not remembered yet. */
    private Path newDraft() throws IOException {
        synchronized (drafts) {
            Path draft = Files.createTempDirectory(directory, draftPrefix());
            drafts.add(draft);
            return draft;
        }
    }

    private String draftPrefix() {
        return ".draft-" + serverId + "-";
    }

    /** Removes what an earlier run of this server left: drafts, and locks of templates that are gone. Drafts of this run stay. */
    void tidy() throws IOException {
        room.removeLocks();
        synchronized (drafts) {
            try (var left = Files.newDirectoryStream(directory, path -> path.getFileName().toString().startsWith(draftPrefix())
                    && !drafts.contains(path))) {
                for (Path draft : left) {
                    TemplateFiles.remove(draft);
                }
            }
        }
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
