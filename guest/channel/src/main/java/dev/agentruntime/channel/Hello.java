package dev.agentruntime.channel;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The greeting that begins an epoch: a magic and the host's nonce. The guest sends both back. The magic begins with a
 * byte that no frame begins with and that does not occur in it again.
 */
final class Hello {

    static final int NONCE = 16;
    private static final byte[] MAGIC = {(byte) 0xf7, 'a', 'g', 'r', 't', 'm', 'x', '1'};
    static final int LENGTH = MAGIC.length + NONCE;

    /**
     * Ends any frame that an earlier host left unfinished in the guest: it fills the payload, and what is left of it is
     * an impossible header.
     */
    private static final int PADDING = Yamux.MAX_PAYLOAD + Yamux.HEADER;

    private Hello() {
    }

    static ByteBuffer encode(byte[] nonce) {
        return ByteBuffer.allocate(LENGTH).put(MAGIC).put(nonce).flip();
    }

    static ByteBuffer encodeAfterPadding(byte[] nonce) {
        byte[] padding = new byte[PADDING];
        Arrays.fill(padding, (byte) 0xff);
        return ByteBuffer.allocate(PADDING + LENGTH).put(padding).put(MAGIC).put(nonce).flip();
    }

    /** Finds a hello among any other bytes, in whatever pieces they arrive. Not thread-safe. */
    static final class Scan {

        private int matched;
        private final byte[] nonce = new byte[NONCE];

        /** Consumes bytes up to the end of the first hello; tells whether there was one. */
        boolean found(ByteBuffer in) {
            while (in.hasRemaining()) {
                byte next = in.get();
                if (matched >= MAGIC.length) {
                    nonce[matched++ - MAGIC.length] = next;
                    if (matched == LENGTH) {
                        matched = 0;
                        return true;
                    }
                } else if (next == MAGIC[matched]) {
                    matched++;
                } else {
                    matched = next == MAGIC[0] ? 1 : 0;
                }
            }
            return false;
        }

        /** The nonce of the hello that was found last. */
        byte[] nonce() {
            return nonce.clone();
        }

        void reset() {
            matched = 0;
        }
    }
}
