package dev.agentruntime.inbound;

import java.util.zip.Checksum;

/** The checksum that AWS's clients call CRC64NVME: the CRC of 64 bits of the NVM Express specification. Not thread-safe. */
final class Crc64Nvme implements Checksum {

    /** Its polynomial, the lowest power first. */
    private static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;
    private static final long[] TABLE = table();

    private long register = ~0L;

    private static long[] table() {
        long[] table = new long[256];
        for (int index = 0; index < table.length; index++) {
            long value = index;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ POLYNOMIAL;
            }
            table[index] = value;
        }
        return table;
    }

    @Override
    public void update(int b) {
        register = TABLE[(int) (register ^ b) & 0xff] ^ register >>> Byte.SIZE;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        for (int at = offset; at < offset + length; at++) {
            update(bytes[at]);
        }
    }

    @Override
    public long getValue() {
        return ~register;
    }

    @Override
    public void reset() {
        register = ~0L;
    }
}
