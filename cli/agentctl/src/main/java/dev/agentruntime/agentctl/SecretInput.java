package dev.agentruntime.agentctl;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Where secrets come from: a file, the input, or a person who types unseen. Never the command line, which others may see. */
record SecretInput(Surroundings surroundings) {

    private static final int MOST_BYTES = 64 << 10;

    /**
     * @param file where it is; {@code -} is the input. Empty asks a person
     * @param what is asked for
     * @throws Problem it is empty, or too long, or there is nobody to ask
     */
    String secret(Optional<Path> file, String what) throws IOException {
        String secret = file.isPresent() ? content(file.get()) : typed(what);
        if (secret.isEmpty()) {
            throw new Problem(ExitCode.USAGE, "The secret is empty. Is it the right file?");
        }
        return secret;
    }

    private String typed(String what) {
        Console console = System.console();
        if (console == null || !surroundings.errIsTerminal()) {
            throw new Problem(ExitCode.USAGE, "There is no terminal to ask at. Give the secret by --secret-file, or --secret-file - from the input.");
        }
        char[] typed = console.readPassword("%s: ", what);
        return new String(typed == null ? new char[0] : typed).strip();
    }

    /** Of a file all, of the input a line, or a key in PEM. */
    String content(Path file) throws IOException {
        if (file.toString().equals("-")) {
            return given(surroundings.in());
        }
        try (InputStream in = Files.newInputStream(surroundings.resolve(file))) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new Problem(ExitCode.USAGE, "The file " + file + " has more than " + MOST_BYTES / 1024 + " KiB, which is no secret. Is it the right file?");
            }
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (NoSuchFileException e) {
            throw new Problem(ExitCode.USAGE, "There is no file " + file + ".", e);
        }
    }

    private static String given(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder(line(in));
        boolean pem = text.indexOf("-----BEGIN ") == 0;
        while (pem && text.length() < MOST_BYTES) {
            String next = line(in);
            text.append('\n').append(next);
            pem = !next.isEmpty() && !next.startsWith("-----END ");
        }
        return text.toString();
    }

    /** What a shell's user types may have no end behind it. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n' && line.size() < MOST_BYTES; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
