package dev.agentruntime.logs;

import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.SessionFacts;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** Whose log it is. A session that is begun anew under its id goes on with the log of the one before. */
record LogName(String runtime, String sessionId, Subject owner) {

    /** The file that says so beside the log. */
    static final String FILE = "session.properties";

    static LogName of(SessionFacts session) {
        return new LogName(session.runtime(), session.sessionId(), session.owner());
    }

    static LogName of(SessionView session) {
        return new LogName(session.runtime(), session.sessionId(), session.subject());
    }

    byte[] written() throws IOException {
        Properties words = new Properties();
        words.setProperty("runtime", runtime);
        words.setProperty("session", sessionId);
        words.setProperty("issuer", owner.issuer());
        words.setProperty("subject", owner.name());
        StringWriter text = new StringWriter();
        words.store(text, null);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Empty where the folder says of no log whose it is. */
    static Optional<LogName> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Properties words = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            words.load(in);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        return Stream.of("runtime", "session", "issuer", "subject").allMatch(words::containsKey)
                ? Optional.of(new LogName(words.getProperty("runtime"), words.getProperty("session"),
                        new Subject(words.getProperty("issuer"), words.getProperty("subject"))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return runtime + "/" + sessionId;
    }
}
