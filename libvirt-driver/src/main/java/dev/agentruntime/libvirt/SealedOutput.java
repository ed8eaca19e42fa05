package dev.agentruntime.libvirt;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts what is written in pieces of 128 KiB, each with AES-256 in GCM. A piece's number is its nonce, for a key is used for one file
 * only; number and place are authenticated, so that pieces can neither be exchanged nor left out, the last ones included. Bounded. Not
 * thread-safe.
 */
final class SealedOutput extends OutputStream {

    static final int PIECE = 128 * 1024;
    static final int TAG_BYTES = 16;
    static final String CIPHER = "AES/GCM/NoPadding";
    /** With the version of the form. */
    static final byte[] MAGIC = "AGRTVM1\n".getBytes(StandardCharsets.US_ASCII);
    /** In the length of the last piece. */
    static final int LAST = 1 << 31;

    private static final int NONCE_BYTES = 12;

    /** There is more than there may be. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException(String message) {
            super(message);
        }
    }

    private final OutputStream out;
    private final SecretKey key;
    private final long mostBytes;
    private final byte[] piece = new byte[PIECE];
    private int filled;
    private long number;
    private long written;

    /** @param mostBytes what may be written to {@code out} */
    SealedOutput(OutputStream out, SecretKey key, long mostBytes) throws IOException {
        this.out = out;
        this.key = key;
        this.mostBytes = mostBytes;
        put(MAGIC, MAGIC.length);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (filled == PIECE) {
                seal(0);
            }
            int count = Math.min(length - done, PIECE - filled);
            System.arraycopy(bytes, offset + done, piece, filled, count);
            filled += count;
            done += count;
        }
    }

    /** Writes the last piece; nothing can be written afterwards. Does not close what it writes to. */
    void finish() throws IOException {
        seal(LAST);
    }

    /** What was written so far, in bytes. */
    long written() {
        return written;
    }

    private void seal(int mark) throws IOException {
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, number, mark).doFinal(piece, 0, filled);
            put(ByteBuffer.allocate(Integer.BYTES).putInt(sealed.length | mark).array(), Integer.BYTES);
            put(sealed, sealed.length);
            number++;
            filled = 0;
        } catch (GeneralSecurityException e) {
            throw new IOException("This Java runtime cannot encrypt: " + e.getMessage(), e);
        }
    }

    private void put(byte[] bytes, int length) throws IOException {
        written += length;
        if (written > mostBytes) {
            throw new TooLongException("it takes more than " + mostBytes + " bytes");
        }
        out.write(bytes, 0, length);
    }

    static Cipher cipher(int mode, SecretKey key, long number, int mark) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(mark).putLong(number).array();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(MAGIC);
        return cipher;
    }
}
