package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Digests of keys and files. */
final class Digests {

    private static final int PAGE = 4096;
    private static final byte[] ZEROS = new byte[PAGE];

    private Digests() {}

    /** SHA-256 of the parts, each with its length before it so that no two lists of parts look alike. */
    static String sha256(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * What a file holds, cheaply.
     *
     * @param crc32c    over all bytes: detects truncation, lost writes and decay, not an attacker
     * @param size      in bytes
     * @param dataBytes in pages that are not all zeros, which is about what a sparse copy takes on disk
     */
    record Content(long crc32c, long size, long dataBytes) {}

    static Content content(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            CRC32C crc = new CRC32C();
            byte[] block = new byte[256 * PAGE];
            ByteBuffer buffer = ByteBuffer.wrap(block);
            long size = 0;
            long data = 0;
            while (in.read(buffer) >= 0) {
                if (buffer.hasRemaining() && size + buffer.position() < in.size()) {
                    continue;
                }
                crc.update(block, 0, buffer.position());
                data += dataBytes(block, buffer.position());
                size += buffer.position();
                buffer.clear();
            }
            return new Content(crc.getValue(), size, data);
        }
    }

    private static long dataBytes(byte[] block, int length) {
        long data = 0;
        for (int from = 0; from < length; from += PAGE) {
            int to = Math.min(from + PAGE, length);
            if (!Arrays.equals(block, from, to, ZEROS, 0, to - from)) {
                data += PAGE;
            }
        }
        return data;
    }
}
