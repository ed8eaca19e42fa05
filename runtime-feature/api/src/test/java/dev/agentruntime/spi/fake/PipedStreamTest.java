package dev.agentruntime.spi.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PipedStreamTest {

    private final PipedStream.Pair pair = PipedStream.pair(Runnable::run);

    private static String read(GuestStream stream) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(100);
        int count = stream.read(target);
        return count < 0 ? "end" : new String(target.array(), 0, count, StandardCharsets.UTF_8);
    }

    private static void write(GuestStream stream, String text) throws IOException {
        stream.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whatOneEndWritesTheOtherReads() throws IOException {
        write(pair.guest(), "question");
        write(pair.host(), "answer");
        assertThat(read(pair.host())).isEqualTo("question");
        assertThat(read(pair.guest())).isEqualTo("answer");
    }

    @Test
    void oneSideMayEndAndStillRead() throws IOException {
        pair.guest().shutdownOutput();
        assertThat(read(pair.host())).isEqualTo("end");
        write(pair.host(), "answer");
        assertThat(read(pair.guest())).isEqualTo("answer");
    }

    @Test
    void closingOneEndResetsTheOther() {
        pair.host().close();
        assertThatThrownBy(() -> read(pair.guest())).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> write(pair.guest(), "x")).isInstanceOf(IOException.class);
    }

    @Test
    void closingWhatHasEndedBothWaysResetsNothing() throws IOException {
        pair.host().shutdownOutput();
        pair.guest().shutdownOutput();
        pair.host().close();
        assertThat(read(pair.guest())).isEqualTo("end");
    }
}
