package dev.agentruntime.liberty;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Names this server among all that use a hypervisor or a database, the same after each restart. The id is drawn at random once
 * and kept in a file of the server's directory, together with where that was: a copy of the directory gets an id of its own.
 */
final class ServerId {

    private static final Logger LOG = Logger.getLogger(ServerId.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MOST_OF_NAME = 8;
    private static final int DRAWN = 8;
    private static final String FORM = "[a-z0-9]{1,16}";
    private static final String COMMENT = " Names this server at the hypervisor and in the database. Made once; without this file"
            + " the server does not find VMs and sessions of an earlier run.";

    /** What the file holds: the id, and where it was made. */
    private record Kept(String id, String machine, String directory) {}

    private final Path directory;
    private final Path file;
    private final String name;
    private final String machine;

    /**
     * @param directory that the server has alone
     * @param name      of the server, of which the id begins with some letters, for people
     * @param machine   tells machines apart
     */
    ServerId(Path directory, String name, String machine) {
        this.directory = directory;
        this.file = directory.resolve("server-id");
        this.name = name;
        this.machine = machine;
    }

    /** The id that was kept, or a new one. Reads, and at first writes, the file. */
    String value() {
        try {
            Optional<Kept> kept = read();
            if (kept.isPresent() && isOurs(kept.get())) {
                return kept.get().id();
            }
            String made = keep(draw());
            kept.ifPresent(other -> LibertyMessage.SERVER_COPIED.log(LOG, other.id(), made, where(other)));
            return made;
        } catch (IOException e) {
            String made = draw();
            LibertyMessage.SERVER_ID_NOT_KEPT.log(LOG, made, file, e.toString());
            return made;
        }
    }

    private boolean isOurs(Kept kept) {
        return kept.machine().equals(machine) && kept.directory().equals(place());
    }

    /** The directory without symbolic links: a server that is started by another way to it is the same. */
    private String place() {
        try {
            return directory.toRealPath().toString();
        } catch (IOException notThere) {
            return directory.toString();
        }
    }

    private String where(Kept other) {
        return other.machine().equals(machine) ? "It was made in " + other.directory() + "." : "It was made on another machine.";
    }

    private Optional<Kept> read() throws IOException {
        Properties kept = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            kept.load(in);
        } catch (NoSuchFileException first) {
            return Optional.empty();
        } catch (IllegalArgumentException notProperties) {
            return Optional.empty();
        }
        return Optional.of(new Kept(kept.getProperty("id", ""), kept.getProperty("machine", ""), kept.getProperty("directory", "")))
                .filter(found -> found.id().matches(FORM));
    }

    private String keep(String id) throws IOException {
        Files.createDirectories(directory);
        Properties kept = new Properties();
        kept.setProperty("id", id);
        kept.setProperty("machine", machine);
        kept.setProperty("directory", place());
        Path draft = Files.createTempFile(directory, "server-id", ".draft");
        try {
            try (OutputStream out = Files.newOutputStream(draft)) {
                kept.store(out, COMMENT);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        return id;
    }

    private String draw() {
        String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return letters.substring(0, Math.min(MOST_OF_NAME, letters.length()))
                + RANDOM.ints(DRAWN, 0, 36).mapToObj(digit -> Integer.toString(digit, 36)).collect(Collectors.joining());
    }
}
