package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlMessageTest {

    private static byte[] written(ControlMessage message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        message.writeTo(out);
        return out.toByteArray();
    }

    private static ControlMessage read(String text) throws IOException {
        return ControlMessage.readFrom(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void aMessageIsLinesAndAnEmptyLine() throws Exception {
        ControlMessage message = ControlMessage.of("deploy").with("timeoutMillis", "5000").with("name", "a b%=é\n").withLength(7);
        assertThat(new String(written(message), StandardCharsets.US_ASCII))
                .isEqualTo("deploy\ntimeoutMillis=5000\nname=a%20b%25=%c3%a9%0a\nlength=7\n\n");
    }

    @Test
    void whatIsWrittenIsReadAndNothingBehindIt() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            ControlMessage message = ControlMessage.of("verb-" + i);
            for (int j = random.nextInt(6); j > 0; j--) {
                String value = random.ints(random.nextInt(40), 0x20, 0xd800).filter(ControlMessageTest::isPlain).collect(StringBuilder::new,
                        StringBuilder::appendCodePoint, StringBuilder::append).toString();
                message = message.with("key." + j, value);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            message.writeTo(out);
            out.write(42);
            InputStream in = new ByteArrayInputStream(out.toByteArray());
            assertThat(ControlMessage.readFrom(in)).as("seed %d", seed).isEqualTo(message);
            assertThat(in.read()).isEqualTo(42);
        }
    }

    private static boolean isPlain(int codePoint) {
        return PlainText.of(Character.toString(codePoint)).codePointAt(0) == codePoint;
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "%0a", "%0d", "%09", "%1b", "%7f", "%c2%85", "%c2%9b", "%e2%80%a8", "%e2%80%a9", "%e2%80%ae", "%e2%81%a6"})
    void noControlCharacterComesOutOfAMessage(String code) throws Exception {
        assertThat(read("error\nmessage=bad" + code + "news\n\n").field("message")).contains("bad news");
    }

    @Test
    void coloursAreTakenOutOfAMessage() throws Exception {
        assertThat(read("error\nmessage=%1b[31mbad%1b[0m%20news%1b[2K\n\n").field("message")).contains("bad news");
    }

    @Test
    void theLinesOfABodyAreFitForALog() {
        byte[] body = "one\u0000\r\n\u001b[1mtwo\u001b[0m  \n\n\tthree\u2028four\u0007".getBytes(StandardCharsets.UTF_8);
        assertThat(new ControlReply(ControlMessage.of("ok"), body).lines()).containsExactly("one", "two", " three four");
    }

    @Test
    void aBodyOverTheReadersBoundIsRefusedBeforeItIsRead() {
        byte[] answer = "ok\nlength=4097\n\n".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> ControlReply.readFrom(new ByteArrayInputStream(answer), 4096)).hasMessageContaining("4097 bytes, more than 4096");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ok", "ok\n", "ok\nkey=value", "ok\nkey=value\n"})
    void aHeadThatEndsTooEarlyIsRefused(String head) {
        assertThatThrownBy(() -> read(head)).isInstanceOf(EOFException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n", "two words\n\n", "ok\nkey\n\n", "ok\n=value\n\n", "ok\nk y=value\n\n", "ok\nkey=%\n\n", "ok\nkey=%4\n\n",
            "ok\nkey=%zz\n\n", "ok\nkey=%ff\n\n", "ok\nkey=a\u0000b\n\n", "ok\nkey=\u00e9\n\n", "ok\r\n\r\n", "ok\na=1\na=2\n\n",
            "ok\nlength=-1\n\n", "ok\nlength=x\n\n", "ok\nlength=\n\n", "ok\nlength=9999999999999999999\n\n"})
    void aMalformedHeadIsRefused(String head) {
        assertThatThrownBy(() -> read(head)).isInstanceOf(IOException.class).isNotInstanceOf(EOFException.class);
    }

    @Test
    void aHeadOverItsBoundsIsRefused() {
        assertThatThrownBy(() -> read("ok\nkey=" + "x".repeat(9000))).hasMessageContaining("longer than 8192 bytes");
        StringBuilder many = new StringBuilder("ok\n");
        for (int i = 0; i < 65; i++) {
            many.append('k').append(i).append("=\n");
        }
        assertThatThrownBy(() -> read(many + "\n")).hasMessageContaining("more than 64 fields");
        assertThatThrownBy(() -> written(ControlMessage.of("ok").with("key", "x".repeat(9000))))
                .isInstanceOf(IOException.class).hasMessageContaining("more than 8192");
    }

    @Test
    void randomHeadsAreReadOrRefusedAndNothingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "ok=%\nab1. -é\u0000";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder head = new StringBuilder();
            for (int j = random.nextInt(40); j > 0; j--) {
                head.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                read(head.toString());
            } catch (IOException refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    @Test
    void aMessageThatCannotBeWrittenCannotBeMade() {
        assertThatThrownBy(() -> ControlMessage.of("two\nlines")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ControlMessage.of("ok").with("a=b", "c")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ControlMessage("ok", Map.of("length", "-5"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anErrorFitsWhateverItSays() throws Exception {
        byte[] head = written(ControlMessage.error("é\n😀".repeat(5000)));
        assertThat(ControlMessage.readFrom(new ByteArrayInputStream(head)).verb()).isEqualTo("error");
    }

    @Test
    void aBodyEndsWhereItsLengthSaysAndFailsWhenItEndsBefore() throws Exception {
        byte[] bytes = {1, 2, 3, 4};
        InputStream in = new ByteArrayInputStream(bytes);
        assertThat(ControlMessage.of("ok").withLength(3).body(in).readAllBytes()).containsExactly(1, 2, 3);
        assertThat(in.read()).isEqualTo(4);
        assertThatThrownBy(() -> ControlMessage.of("ok").withLength(5).body(new ByteArrayInputStream(bytes)).readAllBytes())
                .isInstanceOf(EOFException.class).hasMessageContaining("1 bytes before the end");
    }
}
