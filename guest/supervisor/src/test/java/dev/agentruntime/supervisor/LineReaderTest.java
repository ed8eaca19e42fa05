package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    private static List<String> lines(InputStream in, int longest) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(in, longest)) {
            for (Optional<String> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines.add(line.get());
            }
        }
        return lines;
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void linesAreReadAsTheJdkReadsThem() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20_000) / (1 + random.nextInt(500)); n >= 0; n--) {
                text.append("ab書\n\r".charAt(random.nextInt(5)));
            }
            List<String> expected = new BufferedReader(new StringReader(text.toString())).lines().toList();
            assertThat(lines(bytes(text.toString()), Integer.MAX_VALUE)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void ofALineWithoutAnEndOnlyTheBeginningIsKept() throws IOException {
        InputStream endless = new InputStream() {
            private long left = 1L << 27;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                java.util.Arrays.fill(target, offset, offset + length, (byte) 'x');
                left -= length;
                return length;
            }
        };
        assertThat(lines(endless, 10)).containsExactly("xxxxxxxxxx");
    }

    @Test
    void theLineAfterALongOneIsWhole() throws IOException {
        assertThat(lines(bytes("x".repeat(50_000) + "\r\nnext"), 4)).containsExactly("xxxx", "next");
    }
}
