package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

class FaultReaderTest {

    private record Read(String body, boolean whole) {}

    private final AsyncContent agent = new AsyncContent();
    private final AtomicReference<Read> read = new AtomicReference<>();
    private final AtomicInteger times = new AtomicInteger();

    @Test
    void aBodyIsReadToItsEndAsItComes() {
        begin();
        say("on ");
        say("fire");
        assertThat(times).hasValue(0);
        agent.close();
        assertThat(read).hasValue(new Read("on fire", true));
    }

    @Test
    void aBodyThatBreaksOffIsWhatThereWas() {
        begin();
        say("on f");
        agent.fail(new IOException("cut"));
        assertThat(read).hasValue(new Read("on f", false));
    }

    @Test
    void ofALongBodyTheBeginningIsRead() {
        begin();
        say("x".repeat(FaultReader.MAX_BYTES - 1));
        say("y".repeat(100_000));
        assertThat(read).hasValue(new Read("x".repeat(FaultReader.MAX_BYTES - 1) + "y", false));
        assertThat(times).hasValue(1);
    }

    @Test
    void noBodyIsAnEmptyOne() {
        agent.close();
        begin();
        assertThat(read).hasValue(new Read("", true));
    }

    private void begin() {
        new FaultReader(agent, (body, whole) -> {
            times.incrementAndGet();
            read.set(new Read(body, whole));
        }).read();
    }

    private void say(String text) {
        agent.write(false, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), Callback.NOOP);
    }
}
