package dev.agentruntime.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The list of files at the end of a ZIP. Whoever opens one holds it in memory as a whole: with a large enough one a WAR of some hundred
 * megabytes takes the server's memory. Blocks on the file.
 */
public final class ZipList {

    /** Of a WAR's list; some hundred bytes for each file. */
    public static final int MOST_BYTES = 16 << 20;

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int SIZE_AT = 12;
    private static final int MOST_COMMENT = 0xffff;

    private ZipList() {}

    /** Whether a file says that its list is longer than a WAR's may be; one that is no ZIP has none. */
    public static boolean isTooLong(Path file) throws IOException {
        return longest(file) > MOST_BYTES;
    }

    /** Readers look for the record that says it in the same place, and may differ in which they take; a ZIP inside may have one there too. */
    private static long longest(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long begin = Math.max(0, channel.size() - END_BYTES - MOST_COMMENT);
            ByteBuffer tail = ByteBuffer.allocate((int) (channel.size() - begin)).order(ByteOrder.LITTLE_ENDIAN);
            while (tail.hasRemaining() && channel.read(tail, begin + tail.position()) >= 0) { }
            long longest = 0;
            for (int at = 0; at <= tail.position() - END_BYTES; at++) {
                if (tail.getInt(at) == END) {
                    longest = Math.max(longest, Integer.toUnsignedLong(tail.getInt(at + SIZE_AT)));
                }
            }
            return longest;
        }
    }
}
