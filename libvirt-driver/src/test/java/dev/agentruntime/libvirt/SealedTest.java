package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedTest {

    private static final int HEAD = SealedOutput.MAGIC.length;
    private static final int SEALED_PIECE = Integer.BYTES + SealedOutput.PIECE + SealedOutput.TAG_BYTES;
    private static final SecretKey KEY = key(1);

    private static SecretKey key(int value) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) value);
        return new SecretKeySpec(key, "AES");
    }

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        new Random(4).nextBytes(bytes);
        return bytes;
    }

    private static byte[] sealed(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SealedOutput sealed = new SealedOutput(out, KEY, Long.MAX_VALUE);
        sealed.write(content);
        sealed.finish();
        assertThat(sealed.written()).isEqualTo(out.size());
        return out.toByteArray();
    }

    private static byte[] opened(byte[] file, SecretKey key) throws IOException {
        return new SealedInput(new ByteArrayInputStream(file), key).readAllBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, SealedOutput.PIECE - 1, SealedOutput.PIECE, SealedOutput.PIECE + 1, 5 * SealedOutput.PIECE + 17})
    void whatIsSealedIsReadAgain(int length) throws IOException {
        assertThat(opened(sealed(content(length)), KEY)).isEqualTo(content(length));
    }

    @Test
    void byteByByteIsTheSameAsAtOnce() throws IOException {
        byte[] content = content(SealedOutput.PIECE + 300);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SealedOutput sealed = new SealedOutput(out, KEY, Long.MAX_VALUE);
        for (byte b : content) {
            sealed.write(b);
        }
        sealed.finish();
        assertThat(out.toByteArray()).isEqualTo(sealed(content));
        SealedInput in = new SealedInput(new ByteArrayInputStream(out.toByteArray()), KEY);
        for (byte b : content) {
            assertThat(in.read()).isEqualTo(b & 0xff);
        }
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void nothingOfTheContentIsInTheFile() throws IOException {
        byte[] content = "the marker of a session ".repeat(20_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(new String(sealed(content), StandardCharsets.ISO_8859_1)).doesNotContain("marker");
    }

    @Test
    void anotherKeyOpensNothing() throws IOException {
        byte[] file = sealed(content(1000));
        assertThatThrownBy(() -> opened(file, key(2))).isInstanceOf(IOException.class).hasMessageContaining("damaged, or its key is another");
    }

    @Test
    void noBitCanBeChanged() throws IOException {
        byte[] file = sealed(content(SealedOutput.PIECE + 100));
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] changed = file.clone();
            changed[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> opened(changed, KEY)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void piecesCanNeitherBeExchangedNorLeftOut() throws IOException {
        byte[] file = sealed(content(3 * SealedOutput.PIECE));
        byte[] exchanged = file.clone();
        System.arraycopy(file, HEAD, exchanged, HEAD + SEALED_PIECE, SEALED_PIECE);
        System.arraycopy(file, HEAD + SEALED_PIECE, exchanged, HEAD, SEALED_PIECE);
        byte[] shortened = new byte[file.length - SEALED_PIECE];
        System.arraycopy(file, 0, shortened, 0, HEAD);
        System.arraycopy(file, HEAD + SEALED_PIECE, shortened, HEAD, shortened.length - HEAD);
        for (byte[] forged : new byte[][] {exchanged, shortened}) {
            assertThatThrownBy(() -> opened(forged, KEY)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFileThatEndsTooEarlyIsNoShorterFile() throws IOException {
        byte[] file = sealed(content(2 * SealedOutput.PIECE + 50));
        for (int length : new int[] {0, 3, HEAD, HEAD + 2, HEAD + SEALED_PIECE, HEAD + 2 * SEALED_PIECE, file.length - 1}) {
            assertThatThrownBy(() -> opened(Arrays.copyOf(file, length), KEY)).as("cut to %s", length).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFileOfAnotherFormIsRefused() {
        assertThatThrownBy(() -> opened(content(1000), KEY)).isInstanceOf(IOException.class).hasMessageContaining("another form");
    }

    @Test
    void aPieceOfAnyLengthTakesNoMemory() throws IOException {
        byte[] file = sealed(content(10));
        file[HEAD] = 0x7f;
        assertThatThrownBy(() -> opened(file, KEY)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
    }

    @Test
    void nothingIsWrittenBeyondTheBound() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SealedOutput sealed = new SealedOutput(out, KEY, SEALED_PIECE + 100);
        assertThatThrownBy(() -> {
            sealed.write(content(3 * SealedOutput.PIECE));
            sealed.finish();
        }).isInstanceOf(SealedOutput.TooLongException.class).hasMessageContaining(SEALED_PIECE + 100 + " bytes");
        assertThat(out.size()).isLessThanOrEqualTo(SEALED_PIECE + 100);
    }
}
