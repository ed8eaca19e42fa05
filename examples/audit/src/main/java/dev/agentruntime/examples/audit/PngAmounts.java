package dev.agentruntime.examples.audit;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Reads the amounts out of a PNG, one chunk after the other. Pixels are passed over and only their check sums are looked at. */
final class PngAmounts {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int MOST_AMOUNTS = 100_000;
    private static final int LONGEST_TEXT_BYTES = 256;
    private static final String KEYWORD = "amount\0";

    private final DataInputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private final Map<String, BigDecimal> amounts = new LinkedHashMap<>();

    private PngAmounts(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** Returns the amounts by the cells' names, in the order of the image. */
    static Map<String, BigDecimal> of(InputStream png) throws IOException {
        return new PngAmounts(png).read();
    }

    private Map<String, BigDecimal> read() throws IOException {
        try {
            if (!Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE)) {
                throw new UnreadableException("The image is no PNG");
            }
            while (!readChunk().equals("IEND")) {
                // the next one
            }
        } catch (EOFException e) {
            throw new UnreadableException("The image ends before its last chunk", e);
        }
        return amounts;
    }

    private String readChunk() throws IOException {
        int length = in.readInt();
        byte[] type = new byte[4];
        in.readFully(type);
        String name = new String(type, StandardCharsets.US_ASCII);
        if (length < 0) {
            throw new UnreadableException("The image has a chunk " + name + " of more than 2 GiB");
        }
        CRC32 sum = new CRC32();
        sum.update(type);
        boolean isText = name.equals("tEXt") && length <= LONGEST_TEXT_BYTES;
        for (int left = length; left > 0;) {
            int some = Math.min(left, buffer.length);
            in.readFully(buffer, 0, some);
            sum.update(buffer, 0, some);
            left -= some;
        }
        if (in.readInt() != (int) sum.getValue()) {
            throw new UnreadableException("The image is damaged: the check sum of a chunk " + name + " is wrong");
        }
        if (isText) {
            take(StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(buffer, 0, length)).toString());
        }
        return name;
    }

    private void take(String text) {
        int equals = text.lastIndexOf('=');
        if (!text.startsWith(KEYWORD) || equals < 0) {
            return;
        }
        String cell = text.substring(KEYWORD.length(), equals);
        try {
            amounts.put(cell, new BigDecimal(text.substring(equals + 1)));
        } catch (NumberFormatException e) {
            throw new UnreadableException("The image has no amount for the cell " + cell + ": " + text.substring(equals + 1), e);
        }
        if (amounts.size() > MOST_AMOUNTS) {
            throw new UnreadableException("The image has more than " + MOST_AMOUNTS + " amounts");
        }
    }
}
