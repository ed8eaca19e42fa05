package dev.agentruntime.agentctl;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The file of logins, one for each server, which only its owner may read. */
record Logins(Path file) {

    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rw-------");

    Optional<StoredLogin> of(URI server) {
        JsonObject all = read();
        if (!(all.get(server.toString()) instanceof JsonObject login)) {
            return Optional.empty();
        }
        try {
            return Optional.of(StoredLogin.of(login));
        } catch (RuntimeException e) {
            throw new Problem(ExitCode.CREDENTIALS, "The login for " + server + " in " + file + " cannot be read. Log in again.", e);
        }
    }

    void put(URI server, StoredLogin login) {
        write(Json.createObjectBuilder(read()).add(server.toString(), login.json()).build());
    }

    /** Whether there was one. */
    boolean remove(URI server) {
        JsonObject before = read();
        JsonObjectBuilder rest = Json.createObjectBuilder(before);
        write(rest.remove(server.toString()).build());
        return before.containsKey(server.toString());
    }

    private JsonObject read() {
        try {
            if (isPosix() && !OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
                throw new Problem(ExitCode.CREDENTIALS, "Others may read the logins in " + file + ". Have that end with 'chmod 600 " + file
                        + "', and log in anew if somebody may have read them.");
            }
            try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8); JsonReader reader = Json.createReader(text)) {
                return reader.readObject();
            }
        } catch (NoSuchFileException none) {
            return JsonValue.EMPTY_JSON_OBJECT;
        } catch (IOException | jakarta.json.JsonException e) {
            throw new Problem(ExitCode.CREDENTIALS, "The logins in " + file + " cannot be read: " + e.getMessage() + ". Remove the file and log in again.", e);
        }
    }

    /** There whole or not at all, and at no moment for others to read. */
    private void write(JsonObject all) {
        try {
            FileAttribute<?>[] folders = isPosix() ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                    : new FileAttribute<?>[0];
            Files.createDirectories(file.getParent(), folders);
            FileAttribute<?>[] files = isPosix() ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNERS)} : new FileAttribute<?>[0];
            Path part = Files.createTempFile(file.getParent(), ".credentials", ".part", files);
            try {
                Files.writeString(part, all.toString());
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new Problem(ExitCode.FAULT, "The login cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }

    private boolean isPosix() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
