package dev.agentruntime.libvirt;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/** Reads what {@link SealedOutput} has written; nothing is passed on that was not written so. Not thread-safe. */
final class SealedInput extends InputStream {

    private final InputStream in;
    private final SecretKey key;
    private byte[] piece = {};
    private int taken;
    private long number;
    private boolean last;

    /** @throws IOException it is of another form */
    SealedInput(InputStream in, SecretKey key) throws IOException {
        this.in = in;
        this.key = key;
        if (!Arrays.equals(in.readNBytes(SealedOutput.MAGIC.length), SealedOutput.MAGIC)) {
            throw new IOException("it has another form");
        }
    }

    @Override
    public int read() throws IOException {
        return more() ? piece[taken++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int count = Math.min(length, piece.length - taken);
        System.arraycopy(piece, taken, bytes, offset, count);
        taken += count;
        return count;
    }

    private boolean more() throws IOException {
        while (taken == piece.length && !last) {
            open();
        }
        return taken < piece.length;
    }

    private void open() throws IOException {
        byte[] head = exactly(Integer.BYTES);
        int marked = ByteBuffer.wrap(head).getInt();
        int mark = marked & SealedOutput.LAST;
        int length = marked & ~SealedOutput.LAST;
        if (length < SealedOutput.TAG_BYTES || length > SealedOutput.PIECE + SealedOutput.TAG_BYTES) {
            throw new IOException("it is damaged: a piece of " + length + " bytes");
        }
        try {
            piece = SealedOutput.cipher(Cipher.DECRYPT_MODE, key, number, mark).doFinal(exactly(length));
            taken = 0;
            number++;
            last = mark != 0;
        } catch (GeneralSecurityException e) {
            throw new IOException("it is damaged, or its key is another: " + e.getMessage(), e);
        }
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("it ends too early");
        }
        return bytes;
    }
}
