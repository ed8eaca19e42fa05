package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.fuzz.Corpus;
import dev.agentruntime.fuzz.Fuzz;
import dev.agentruntime.fuzz.Mutations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a guest sends after the hello, as the host's multiplexer takes it: conversations of a corpus, changed. */
class FrameFuzzTest {

    private static final Corpus CORPUS = Corpus.of(FrameFuzzTest.class, "corpus/frames");
    private static final Limits FEW = new Limits(8, 4);
    /** Of a violation's sentence, which goes to logs and records. */
    private static final int LONGEST_SENTENCE = 200;

    @TestFactory
    List<DynamicTest> eachOfTheCorpusIsTakenOrRefusedWithASentence() {
        return CORPUS.inputs().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> take(entry.getValue(), new Random(1)))).toList();
    }

    @Test
    void whateverComesIsTakenOrRefusedWithASentence() {
        Fuzz.run(500, random -> take(CORPUS.mutated(random), random));
    }

    private static void take(byte[] input, Random random) throws IOException {
        Wire host = Wire.host(FEW);
        host.engine.acceptStreams();
        List<MuxStream> streams = opened(host);
        try {
            for (ByteBuffer piece : Mutations.pieces(input, random)) {
                use(host, streams, random);
                host.engine.receive(piece);
                assertThat(held(host, streams)).isLessThanOrEqualTo((FEW.openedStreams() + FEW.acceptedStreams() + 1L) * Yamux.INITIAL_WINDOW);
            }
        } catch (ProtocolViolation violation) {
            assertThat(violation.getMessage()).startsWith("the guest ").hasSizeLessThan(LONGEST_SENTENCE).matches("[ -~]+");
            host.engine.end(violation.getMessage());
            assertThatThrownBy(() -> host.engine.open("agent")).hasMessage(violation.getMessage());
        }
        host.engine.end("over");
        for (MuxStream stream : streams) {
            assertThatThrownBy(() -> stream.write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> readToEnd(stream)).isInstanceOf(IOException.class);
        }
    }

    /** Reads until the stream says that it is over, in either way. */
    private static void readToEnd(MuxStream stream) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(Wire.LARGE);
        int count = stream.read(target);
        while (count > 0) {
            count = stream.read(target.clear());
        }
        assertThat(count).as("nothing, of a stream that is over").isEqualTo(-1);
        throw new IOException("ended");
    }

    private static void use(Wire host, List<MuxStream> streams, Random random) {
        if (random.nextInt(3) == 0) {
            host.sentBytes();
        }
        MuxStream stream = streams.get(random.nextInt(streams.size()));
        try {
            switch (random.nextInt(6)) {
                case 0 -> stream.read(ByteBuffer.allocate(random.nextInt(100_000)));
                case 1 -> stream.write(ByteBuffer.allocate(random.nextInt(100_000)));
                case 2 -> stream.shutdownOutput();
                case 3 -> {
                    if (random.nextInt(8) == 0) {
                        stream.close();
                    }
                }
                default -> { }
            }
        } catch (IOException over) {
            stream.close();
        }
    }

    private static List<MuxStream> opened(Wire host) throws IOException {
        List<MuxStream> streams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            streams.add(host.engine.open("agent"));
        }
        host.sentBytes();
        return streams;
    }

    private static long held(Wire host, List<MuxStream> streams) {
        return streams.stream().mapToLong(MuxStream::bufferedBytes).sum() + host.accepted.stream().mapToLong(MuxStream::bufferedBytes).sum();
    }

    @Test
    void inWhateverPiecesItComesItMeansTheSame() {
        Fuzz.run(150, random -> {
            byte[] input = CORPUS.mutated(random);
            assertThat(understood(Mutations.pieces(input, random))).isEqualTo(understood(List.of(ByteBuffer.wrap(input))));
        });
    }

    /** Everything that comes of it: what went to the streams, what is sent, how it ended. */
    private static String understood(List<ByteBuffer> pieces) throws IOException {
        Wire host = Wire.host(FEW);
        host.engine.acceptStreams();
        List<MuxStream> streams = opened(host);
        StringBuilder all = new StringBuilder();
        try {
            for (ByteBuffer piece : pieces) {
                host.engine.receive(piece);
            }
        } catch (ProtocolViolation violation) {
            all.append(violation.getMessage());
        }
        streams.addAll(host.accepted);
        for (MuxStream stream : streams) {
            ByteBuffer target = ByteBuffer.allocate(Yamux.INITIAL_WINDOW);
            try {
                int end = stream.read(target);
                all.append('\n').append(end).append(' ').append(StandardCharsets.ISO_8859_1.decode(target.flip()));
            } catch (IOException over) {
                all.append('\n').append(over.getMessage());
            }
        }
        return all.append('\n').append(host.sent()).toString();
    }
}
