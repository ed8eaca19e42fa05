package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.fuzz.Fuzz;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random guests, from pure noise to nearly correct. */
class HostileBytesTest {

    private static final int STEPS = 3000;

    @Test
    void theHostEitherGoesOnOrDropsTheLinkWithASentence() {
        Fuzz.run(60, HostileBytesTest::converse);
    }

    private static void converse(Random random) throws IOException {
        Wire host = Wire.host(new Limits(8, 4));
        if (random.nextBoolean()) {
            host.engine.acceptStreams();
        }
        boolean noise = random.nextInt(3) == 0;
        List<MuxStream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < STEPS; i++) {
                useStreams(host, streams, random);
                host.engine.receive(bytes(random, noise));
                assertThat(held(streams)).isLessThanOrEqualTo(9L * Yamux.INITIAL_WINDOW);
            }
        } catch (ProtocolViolation violation) {
            assertThat(violation).hasMessageStartingWith("the guest ");
            host.engine.end(violation.getMessage());
            assertThatThrownBy(() -> host.engine.open("agent")).hasMessage(violation.getMessage());
            for (MuxStream stream : streams) {
                assertThatThrownBy(() -> stream.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
            }
        }
    }

    private static void useStreams(Wire host, List<MuxStream> streams, Random random) throws IOException {
        if (random.nextInt(4) == 0 && streams.size() < 8) {
            // Streams that were closed count until what they had to send is on its way, which may be more than one buffer full.
            host.sentBytes();
            host.sentBytes();
            streams.add(host.engine.open("agent"));
        }
        if (random.nextInt(3) == 0) {
            host.sentBytes();
        }
        if (streams.isEmpty()) {
            return;
        }
        MuxStream stream = streams.get(random.nextInt(streams.size()));
        try {
            switch (random.nextInt(8)) {
                case 0 -> {
                    stream.close();
                    streams.remove(stream);
                }
                case 1 -> stream.shutdownOutput();
                case 2, 3 -> stream.write(ByteBuffer.allocate(random.nextInt(100_000)));
                default -> stream.read(ByteBuffer.allocate(random.nextInt(100_000)));
            }
        } catch (IOException reset) {
            stream.close();
            streams.remove(stream);
        }
    }

    private static long held(List<MuxStream> streams) {
        return streams.stream().mapToLong(MuxStream::bufferedBytes).sum();
    }

    private static ByteBuffer bytes(Random random, boolean noise) {
        if (noise && random.nextInt(100) == 0) {
            byte[] any = new byte[random.nextInt(200)];
            random.nextBytes(any);
            return ByteBuffer.wrap(any);
        }
        int type = random.nextInt(200) == 0 ? random.nextInt(5) : random.nextInt(3);
        int id = type == Yamux.PING ? 0 : 1 + 2 * random.nextInt(8);
        int[] flags = {0, 0, 0, 0, 0, 0, 0, 0, Yamux.ACK, Yamux.FIN, Yamux.RST};
        int flag = type == Yamux.PING ? Yamux.SYN : flags[random.nextInt(flags.length)];
        int length = type == Yamux.DATA ? (flag == Yamux.RST ? 0 : random.nextInt(Yamux.MAX_PAYLOAD + 1)) : random.nextInt(100_000);
        ByteBuffer frame = ByteBuffer.allocate(Yamux.HEADER + Yamux.MAX_PAYLOAD);
        Yamux.header(frame, type, flag, id, length);
        return frame.position(Yamux.HEADER + (type == Yamux.DATA ? length : 0)).flip();
    }
}
