package dev.agentruntime.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** What an agent answers, as it comes. To be closed; closed before its end, the connection ends. For one thread. */
public final class Answer implements AutoCloseable {

    private final Transport.Opened opened;

    Answer(Transport.Opened opened) {
        this.opened = opened;
    }

    /** Of HTTP; 200 to 299. */
    public int status() {
        return opened.status();
    }

    /** In which the agent was asked, also where the invocation named none. */
    public String session() {
        return opened.header(AgentRuntimeClient.SESSION);
    }

    /** {@code new}, {@code renewed} or {@code continued}. */
    public String sessionState() {
        return opened.header(AgentRuntimeClient.SESSION_STATE);
    }

    public String contentType() {
        return opened.header("Content-Type");
    }

    public Optional<String> header(String name) {
        return opened.header().firstValue(name);
    }

    /** Whether it is a stream of events. */
    public boolean isEvents() {
        return contentType().toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    public EventReader events() {
        return new EventReader(opened.body());
    }

    /** As it comes. A read throws where the answer breaks off. */
    public InputStream body() {
        return opened.body();
    }

    /**
     * All of it as text.
     *
     * @throws BrokenOffException it broke off, or has more than 16 MiB
     */
    public String text() {
        try {
            return new String(opened.body().all(Transport.MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    /**
     * Writes it as it comes, and flushes after each part.
     *
     * @throws BrokenOffException it broke off
     * @throws IOException        {@code out} does not take it
     */
    public void copyTo(OutputStream out) throws IOException {
        byte[] chunk = new byte[16 << 10];
        for (int read = read(chunk); read >= 0; read = read(chunk)) {
            out.write(chunk, 0, read);
            out.flush();
        }
    }

    /**
     * Passes it on as text, each part as it comes.
     *
     * @throws BrokenOffException it broke off
     */
    public void eachPart(Consumer<String> to) {
        Reader reader = new InputStreamReader(opened.body(), StandardCharsets.UTF_8);
        char[] chunk = new char[8 << 10];
        try {
            for (int read = reader.read(chunk); read >= 0; read = reader.read(chunk)) {
                to.accept(new String(chunk, 0, read));
            }
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    private int read(byte[] chunk) {
        try {
            return opened.body().read(chunk, 0, chunk.length);
        } catch (IOException e) {
            throw brokenOff(e);
        }
    }

    private static BrokenOffException brokenOff(IOException cause) {
        return new BrokenOffException("The answer broke off before its end: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        opened.close();
    }
}
