package dev.agentruntime.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.ZipFile;

/** Tells whether a file is a WAR that can be read. */
final class WarFile {

    /** Of the list of files at its end, which is held in memory as a whole wherever a WAR is opened; some hundred bytes for each file. */
    private static final int MOST_LIST_BYTES = 16 << 20;
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LIST_SIZE_AT = 12;
    private static final int MOST_COMMENT = 0xffff;

    private WarFile() {}

    /** @throws ControlException it is none */
    static void check(Path file) {
        try {
            if (longestList(file) > MOST_LIST_BYTES) {
                throw ControlException.invalid("body", "must be a WAR whose list of files has " + MOST_LIST_BYTES + " bytes at most");
            }
            try (ZipFile zip = new ZipFile(file.toFile())) {
                if (zip.size() == 0) {
                    throw ControlException.invalid("body", "must be a WAR with files in it");
                }
            }
        } catch (IOException e) {
            throw ControlException.invalid("body", "must be a WAR, and cannot be read as one: " + e.getMessage());
        }
    }

    /** Readers look for the record that says it in the same place, and may differ in which they take; a WAR inside may have one there too. */
    private static long longestList(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long begin = Math.max(0, channel.size() - END_BYTES - MOST_COMMENT);
            ByteBuffer tail = ByteBuffer.allocate((int) (channel.size() - begin)).order(ByteOrder.LITTLE_ENDIAN);
            while (tail.hasRemaining() && channel.read(tail, begin + tail.position()) >= 0) { }
            long longest = 0;
            for (int at = 0; at <= tail.position() - END_BYTES; at++) {
                if (tail.getInt(at) == END) {
                    longest = Math.max(longest, Integer.toUnsignedLong(tail.getInt(at + LIST_SIZE_AT)));
                }
            }
            return longest;
        }
    }
}
