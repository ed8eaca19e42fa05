package dev.agentruntime.agentctl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** A command line that has run in this process: its exit code, and what it said. */
record Ran(int code, String out, String err) {

    /** What it runs in. */
    static final class In {
        private final Path folder;
        private final Map<String, String> environment = new TreeMap<>();
        private InputStream input = new ByteArrayInputStream(new byte[0]);
        private Clock clock = Clock.fixed(Instant.parse("2026-11-26T07:20:00Z"), ZoneOffset.UTC);
        private boolean terminal;
        private boolean unread;

        In(Path folder) {
            this.folder = folder;
            environment.put("AGENTCTL_HOME", folder.resolve("settings").toString());
        }

        In server(URI endpoint) {
            return with("AGENTCTL_SERVER", endpoint.toString());
        }

        In with(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        In input(String text) {
            input = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        In input(InputStream given) {
            input = given;
            return this;
        }

        /** Whoever the output was piped to has gone. */
        In unread() {
            unread = true;
            return this;
        }

        In clock(Clock given) {
            clock = given;
            return this;
        }

        In terminal() {
            terminal = true;
            return this;
        }

        Ran run(String... arguments) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            OutputStream piped = unread ? new BrokenPipe() : out;
            int code = Agentctl.run(new Surroundings(input, new PrintStream(piped, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8), environment, folder, folder, clock, terminal, terminal), arguments);
            return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    private static final class BrokenPipe extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            throw new IOException("Broken pipe");
        }
    }
}
