package dev.agentruntime.agentctl;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The file of logins, one for each server, which only its owner may read. */
record Logins(Path file) {

    Optional<StoredLogin> of(URI server) {
        return of(server, read());
    }

    private Optional<StoredLogin> of(URI server, JsonObject all) {
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
        alone(() -> {
            write(read(), server, login);
            return login;
        });
    }

    /** Puts what follows from the login that is there by then; meanwhile no other agentctl of this user does so. */
    <T extends StoredLogin> T change(URI server, Function<Optional<StoredLogin>, T> change) {
        return alone(() -> {
            JsonObject all = read();
            T changed = change.apply(of(server, all));
            write(all, server, changed);
            return changed;
        });
    }

    private void write(JsonObject all, URI server, StoredLogin login) {
        write(Json.createObjectBuilder(all).add(server.toString(), login.json()).build());
    }

    /** Whether there was one. */
    boolean remove(URI server) {
        return alone(() -> {
            JsonObject before = read();
            if (before.containsKey(server.toString())) {
                write(Json.createObjectBuilder(before).remove(server.toString()).build());
            }
            return before.containsKey(server.toString());
        });
    }

    private JsonObject read() {
        try {
            if (OwnFile.isPosix(file) && !OwnFile.PERMISSIONS.containsAll(Files.getPosixFilePermissions(file))) {
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

    private void write(JsonObject all) {
        try {
            OwnFile.write(file, all.toString());
        } catch (IOException e) {
            throw new Problem(ExitCode.FAULT, "The login cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }

    private <T> T alone(Supplier<T> change) {
        try {
            return OwnFile.alone(file, change);
        } catch (IOException e) {
            throw new Problem(ExitCode.FAULT, "The logins in " + file + " cannot be locked: " + e.getMessage(), e);
        }
    }
}
