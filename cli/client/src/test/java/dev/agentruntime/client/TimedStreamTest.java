package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TimedStreamTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static TimedStream of(byte... bytes) {
        return new TimedStream(new ByteArrayInputStream(bytes), LONG);
    }

    /** Brings nothing until it is closed, and then what the JDK's client says there. */
    private static final class Silent extends InputStream {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final boolean ends;

        Silent(boolean ends) {
            this.ends = ends;
        }

        @Override
        public int read() throws IOException {
            try {
                closed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (ends) {
                return -1;
            }
            throw new IOException("closed");
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void whatComesInTimeIsReadByteByByteAndAsAWhole() throws IOException {
        try (TimedStream stream = of((byte) 1, (byte) 0xff, (byte) 3, (byte) 4)) {
            assertThat(stream.read()).isEqualTo(1);
            assertThat(stream.read()).as("no sign").isEqualTo(255);
            assertThat(stream.all(2)).containsExactly(3, 4);
            assertThat(stream.read()).isEqualTo(-1);
        }
    }

    @Test
    void oneByteTooManyIsTooMuch() throws IOException {
        assertThat(of((byte) 1, (byte) 2).all(2)).hasSize(2);
        assertThatThrownBy(() -> of((byte) 1, (byte) 2, (byte) 3).all(2)).isInstanceOf(IOException.class).hasMessage("it has more than 2 bytes");
    }

    @Test
    void silenceIsABreakWhetherTheClosedStreamThrowsOrEnds() {
        for (boolean ends : new boolean[] {false, true}) {
            TimedStream stream = new TimedStream(new Silent(ends), Duration.ofMillis(50));
            assertThatThrownBy(stream::read).isInstanceOf(InterruptedIOException.class).hasMessageStartingWith("nothing came for ");
        }
    }

    @Test
    void whatTheClientCallsClosedWasTheServersDoing() {
        TimedStream cut = new TimedStream(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("closed");
            }
        }, LONG);
        assertThatThrownBy(cut::read).hasMessage("the server ended the connection");
    }

    @Test
    void aStreamThatCannotBeClosedIsLeftAlone() {
        new TimedStream(new InputStream() {
            @Override
            public int read() {
                return -1;
            }

            @Override
            public void close() throws IOException {
                throw new IOException("no");
            }
        }, LONG).close();
    }
}
