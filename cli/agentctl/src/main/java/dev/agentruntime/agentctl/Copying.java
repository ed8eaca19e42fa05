package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.AgentRuntimeException;
import dev.agentruntime.client.CommandEvent;
import dev.agentruntime.client.CommandRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;

/** Copies files into and out of a session's VM, by commands there: as text, a piece at a time. */
record Copying(Surroundings surroundings, AgentRuntimeClient client, String agent, String session) {

    /** So much in Base64 fits into one command beside what is around it. */
    private static final int PIECE = 48_000 / 4 * 3;
    private static final Duration EACH = Duration.ofSeconds(60);
    private static final Duration WHOLE = Duration.ofMinutes(30);
    static final long MOST_IN = 1L << 30;

    /** What is there already is replaced when all of it has arrived. */
    void in(Path file, String path, LongConsumer progress) throws IOException {
        if (Files.size(file) > MOST_IN) {
            throw new Problem(ExitCode.INVALID, "The file " + file + " has more than " + Text.bytes(MOST_IN) + ".");
        }
        // Two copies to one place do not mix.
        String part = Quoted.word(path + ".agentctl-" + UUID.randomUUID());
        boolean whole = false;
        try {
            run(": > " + part);
            long done = 0;
            try (InputStream in = Files.newInputStream(file)) {
                for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                    run("printf %s " + Base64.getEncoder().encodeToString(piece) + " | base64 -d >> " + part);
                    done += piece.length;
                    progress.accept(done);
                }
            }
            run("test $(wc -c < " + part + ") -eq " + done + " && mv " + part + " " + Quoted.word(path));
            whole = true;
        } finally {
            if (!whole) {
                leave(part);
            }
        }
    }

    /** What failed is told by whoever calls. */
    private void leave(String part) {
        try {
            run("rm -f " + part);
        } catch (AgentRuntimeException | Problem gone) {
            // The session is gone, and the part with it, or the server is.
        }
    }

    private void run(String command) {
        StringBuilder said = new StringBuilder();
        try (CommandRun run = LiveSession.run(client, agent, session, command, EACH)) {
            for (Optional<CommandEvent> next = run.next(); next.isPresent(); next = run.next()) {
                if (next.get() instanceof CommandEvent.Errors errors && said.length() < 1000) {
                    said.append(errors.text());
                }
                if (next.get() instanceof CommandEvent.Ended ended && ended.exitCode() != 0) {
                    throw failed(ended.exitCode(), said.toString());
                }
            }
        }
    }

    private static Problem failed(int code, String said) {
        return new Problem(ExitCode.INVALID, "The VM could not do it: " + (said.isBlank() ? "exit code " + code : Text.plain(said)));
    }

    /** The file is there whole or not at all. */
    void out(String path, Path file, LongConsumer progress) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new Problem(ExitCode.USAGE, "There is no folder " + folder + ".");
        }
        Path part = Files.createTempFile(folder, ".agentctl", ".part");
        try (OutputStream out = Files.newOutputStream(part);
                CommandRun run = LiveSession.run(client, agent, session, "base64 < " + Quoted.word(path), WHOLE);
                Cancelling cancelling = Cancelling.of(surroundings, () -> part.toFile().delete(), "Cancelled: nothing was copied.")) {
            StringBuilder errors = new StringBuilder();
            Decoder decoder = new Decoder(out);
            for (Optional<CommandEvent> next = run.next(); next.isPresent(); next = run.next()) {
                if (next.get() instanceof CommandEvent.Output output) {
                    progress.accept(decoder.take(output.text()));
                } else if (next.get() instanceof CommandEvent.Errors said && errors.length() < 1000) {
                    errors.append(said.text());
                } else if (next.get() instanceof CommandEvent.Ended ended && ended.exitCode() != 0) {
                    throw failed(ended.exitCode(), errors.toString());
                }
            }
            decoder.end();
            out.close();
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Of Base64 that comes in pieces and lines. */
    private static final class Decoder {
        private final OutputStream out;
        private final StringBuilder rest = new StringBuilder();
        private long bytes;

        Decoder(OutputStream out) {
            this.out = out;
        }

        long take(String text) throws IOException {
            text.chars().filter(c -> c > ' ').forEach(c -> rest.append((char) c));
            write(rest.length() / 4 * 4);
            return bytes;
        }

        void end() throws IOException {
            write(rest.length());
        }

        private void write(int length) throws IOException {
            try {
                byte[] decoded = Base64.getDecoder().decode(rest.substring(0, length));
                out.write(decoded);
                bytes += decoded.length;
                rest.delete(0, length);
            } catch (IllegalArgumentException e) {
                throw new Problem(ExitCode.PLATFORM, "The VM sent what is no file in Base64.", e);
            }
        }
    }
}
