package dev.agentruntime.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes inputs at random. */
public final class Mutations {

    /** What grows by repetition stays below it. */
    static final int MOST_BYTES = 256 * 1024;

    private static final int MOST_PIECES = 128;
    private static final int[] NUMBERS = {0, 1, 2, 3, 0xff, 0x7fff, 0x8000, 0x8001, 0xffff, 0x40000, 0x40001, 1 << 24, (1 << 24) + 1, Integer.MAX_VALUE,
        Integer.MIN_VALUE, -1, -2};
    private static final String[] NUMERALS = {"0", "-0", "-1", "+7", "0x7", "7,7", "1e9", "٣", "2147483648", "999999999999999999", "9223372036854775807",
        "9223372036854775808", "99999999999999999999999"};
    private static final byte[] MARKS = "\0\t\n\r \"%,:;=<>[]{}\\\u007f".getBytes(StandardCharsets.US_ASCII);

    private Mutations() {}

    /** {@code input} with one change or more. */
    static byte[] of(byte[] input, Corpus corpus, Random random) {
        byte[] changed = input;
        do {
            changed = change(changed, corpus, random);
        } while (random.nextInt(3) > 0);
        return changed;
    }

    /** {@code input} in pieces of any size, small ones of small inputs, in the order in which they come; some may be empty. */
    public static List<ByteBuffer> pieces(byte[] input, Random random) {
        int most = Math.max(1 << random.nextInt(17), input.length / MOST_PIECES);
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int at = 0; at < input.length; ) {
            int count = Math.min(input.length - at, random.nextInt(most + 1));
            pieces.add(ByteBuffer.wrap(Arrays.copyOfRange(input, at, at + count)));
            at += count;
        }
        return pieces;
    }

    static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static byte[] change(byte[] input, Corpus corpus, Random random) {
        int at = random.nextInt(input.length + 1);
        int to = Math.min(input.length, at + length(random));
        return switch (random.nextInt(11)) {
            case 0 -> set(input, at, (byte) (at < input.length ? input[at] ^ 1 << random.nextInt(8) : 0));
            case 1 -> set(input, at, (byte) random.nextInt(256));
            case 2 -> set(input, at, MARKS[random.nextInt(MARKS.length)]);
            case 3 -> replaced(input, at, at, noise(random));
            case 4 -> replaced(input, at, to, new byte[0]);
            case 5 -> repeated(input, at, to, 1 + random.nextInt(random.nextInt(8) == 0 ? 4096 : 4));
            case 6 -> replaced(input, at, Math.min(input.length, at + 4), ByteBuffer.allocate(4).putInt(NUMBERS[random.nextInt(NUMBERS.length)]).array());
            case 7 -> numeral(input, at, random);
            case 8 -> Arrays.copyOf(input, at);
            case 9 -> joined(Arrays.copyOf(input, at), tail(corpus.any(random), random));
            default -> replaced(input, at, at, Arrays.copyOfRange(input, at, to));
        };
    }

    private static int length(Random random) {
        return random.nextInt(1 << random.nextInt(10));
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[length(random)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] tail(byte[] other, Random random) {
        return Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
    }

    private static byte[] set(byte[] input, int at, byte value) {
        byte[] changed = input.clone();
        if (at < changed.length) {
            changed[at] = value;
        }
        return changed;
    }

    private static byte[] replaced(byte[] input, int from, int to, byte[] by) {
        return joined(Arrays.copyOf(input, from), by, Arrays.copyOfRange(input, to, input.length));
    }

    private static byte[] repeated(byte[] input, int from, int to, int times) {
        int most = to == from ? 0 : (MOST_BYTES - Math.min(MOST_BYTES, input.length)) / (to - from);
        byte[][] parts = new byte[Math.min(times, most)][];
        Arrays.fill(parts, Arrays.copyOfRange(input, from, to));
        return replaced(input, to, to, joined(parts));
    }

    /** The number that is written there, or next, becomes another. */
    private static byte[] numeral(byte[] input, int at, Random random) {
        int from = at;
        while (from < input.length && !isDigit(input[from])) {
            from++;
        }
        int to = from;
        while (to < input.length && isDigit(input[to])) {
            to++;
        }
        return replaced(input, from, to, NUMERALS[random.nextInt(NUMERALS.length)].getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isDigit(byte value) {
        return value >= '0' && value <= '9';
    }
}
