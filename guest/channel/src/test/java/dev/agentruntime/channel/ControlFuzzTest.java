package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.fuzz.Corpus;
import dev.agentruntime.fuzz.Fuzz;
import dev.agentruntime.fuzz.Mutations;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Answers of a guest on a control stream, and the names of streams that it opens. */
class ControlFuzzTest {

    private static final Corpus CORPUS = Corpus.of(ControlFuzzTest.class, "corpus/control");
    private static final int LONGEST_SENTENCE = 200;
    private static final String PLAIN = "[^\\p{Cc}\\p{Zl}\\p{Zp}]*";

    @TestFactory
    List<DynamicTest> eachOfTheCorpusIsAnAnswerOrNone() {
        return CORPUS.inputs().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    read(entry.getValue());
                    arrive(entry.getValue(), new Random(1));
                })).toList();
    }

    @Test
    void whateverComesIsAnAnswerOrNone() {
        Fuzz.run(1000, random -> read(CORPUS.mutated(random)));
    }

    private static void read(byte[] input) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(input);
        ControlReply reply;
        try {
            reply = ControlReply.readFrom(in);
        } catch (IOException none) {
            assertThat(none.getMessage()).hasSizeLessThan(LONGEST_SENTENCE).matches(PLAIN);
            return;
        }
        assertThat(reply.head().fields()).hasSizeLessThanOrEqualTo(ControlMessage.MAX_FIELDS)
                .allSatisfy((key, value) -> assertThat(value).matches(PLAIN));
        assertThat(reply.head().verb()).isIn(ControlMessage.OK, ControlMessage.ERROR);
        assertThat(reply.body()).hasSize((int) reply.head().length()).hasSizeLessThanOrEqualTo(ControlReply.MAX_BODY);
        assertThat(reply.lines()).allSatisfy(line -> assertThat(line).isNotEmpty().matches(PLAIN));
        assertThat(input.length - in.available()).as("taken").isGreaterThanOrEqualTo(reply.body().length)
                .isLessThanOrEqualTo(ControlHead.LONGEST + reply.body().length);
        writtenAgain(reply);
    }

    private static void writtenAgain(ControlReply reply) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            reply.writeTo(out);
        } catch (IOException longer) {
            assertThat(longer).hasMessageContaining("more than " + ControlHead.LONGEST);
            return;
        } catch (IllegalArgumentException oneFieldMore) {
            assertThat(oneFieldMore).hasMessageContaining("more than " + ControlMessage.MAX_FIELDS + " fields");
            return;
        }
        ControlReply again = ControlReply.readFrom(new ByteArrayInputStream(out.toByteArray()));
        assertThat(again.head()).isEqualTo(reply.head().withLength(reply.body().length));
        assertThat(again.body()).isEqualTo(reply.body());
    }

    @Test
    void whoeverWaitsForAnAnswerIsTold() {
        Fuzz.run(200, random -> arrive(CORPUS.mutated(random), random));
    }

    private static void arrive(byte[] input, Random random) throws IOException {
        Wire host = Wire.host();
        CompletableFuture<ControlReply> reply = PendingReply.to(ControlMessage.of("watch"), host.engine.open(Targets.CONTROL), 64 * 1024)
                .toCompletableFuture();
        host.sentBytes();
        host.receive(Yamux.WINDOW_UPDATE, Yamux.ACK, 1, 0);
        try {
            for (ByteBuffer piece : Mutations.pieces(input, random)) {
                while (piece.hasRemaining()) {
                    byte[] payload = new byte[Math.min(piece.remaining(), Yamux.SENT_PAYLOAD)];
                    piece.get(payload);
                    host.receiveData(0, 1, payload);
                    host.sentBytes();
                }
            }
            host.receive(Yamux.WINDOW_UPDATE, random.nextInt(4) == 0 ? Yamux.RST : Yamux.FIN, 1, 0);
        } catch (ProtocolViolation afterItWasRefused) {
            assertThat(reply).isCompletedExceptionally();
        }
        assertThat(reply).isDone();
        reply.handle((answer, none) -> none == null ? answer.body().length : none.getMessage().length()).join();
    }

    @Test
    void aStreamsNameIsPlainAndShortOrTheStreamIsRefused() {
        Fuzz.run(1000, random -> {
            byte[] input = CORPUS.mutated(random);
            ByteArrayInputStream in = new ByteArrayInputStream(input);
            try {
                assertThat(TargetLine.read(in)).matches("[!-~]{1,64}");
            } catch (IOException refused) {
                assertThat(refused).hasMessageMatching("[ -~]+");
            }
            assertThat(input.length - in.available()).isLessThanOrEqualTo(66);
        });
    }
}
