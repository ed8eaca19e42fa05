package dev.agentruntime.identity;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Secrets in files, such as those that a host's manager mounts. They are read each time, so that a changed one counts at once. */
final class SecretFile {

    private static final int MOST_BYTES = 512 * 1024;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}");

    private SecretFile() {}

    /** Whether a file of {@code secrets} can have this name. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * The whole file, without the line's end that editors leave.
     *
     * @throws IllegalArgumentException it cannot be read; the message has nothing of it
     */
    static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("the file " + file + " has more than " + MOST_BYTES + " bytes");
            }
            String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
            Arrays.fill(bytes, (byte) 0);
            if (text.isEmpty()) {
                throw new IllegalArgumentException("the file " + file + " is empty");
            }
            return text;
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /**
     * A member of the JSON object in the file.
     *
     * @throws IllegalArgumentException there is none; the message has nothing of the file
     */
    static String member(Path file, String key) {
        String text = object(file).getString(key, "");
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the file " + file + " has no member '" + key + "' with text");
        }
        return text;
    }

    private static JsonObject object(Path file) {
        String text = text(file);
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (RuntimeException noObject) {
            // Parsers throw more than JsonException: at numbers that are too large, at values that are nested too deeply.
            throw new IllegalArgumentException("the file " + file + " is no JSON object");
        }
    }
}
