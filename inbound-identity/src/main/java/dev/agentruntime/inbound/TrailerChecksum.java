package dev.agentruntime.inbound;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.InboundVerdict.Refused;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** What a body's trailer says its checksum is, compared with what it is. Not thread-safe. */
final class TrailerChecksum {

    private static final String PREFIX = "x-amz-checksum-";

    private enum Algorithm {
        CRC32(() -> of(new CRC32(), Integer.BYTES)),
        CRC32C(() -> of(new CRC32C(), Integer.BYTES)),
        CRC64NVME(() -> of(new Crc64Nvme(), Long.BYTES)),
        SHA1(() -> of(SigningKey.digest("SHA-1"))),
        SHA256(() -> of(SigningKey.digest()));

        private final Supplier<Sum> maker;

        Algorithm(Supplier<Sum> maker) {
            this.maker = maker;
        }

        private String header() {
            return PREFIX + name().toLowerCase(Locale.ROOT);
        }
    }

    private interface Sum {
        void add(byte[] bytes, int offset, int length);

        byte[] value();
    }

    private final String header;
    private final Sum sum;
    private boolean stated;

    private TrailerChecksum(Algorithm algorithm) {
        this.header = algorithm.header();
        this.sum = algorithm.maker.get();
    }

    /**
     * The checksum that {@code x-amz-trailer} announces; empty where it announces none.
     *
     * @throws DeniedException it is none that is known here
     */
    static Optional<TrailerChecksum> announced(Optional<String> trailer) {
        Optional<String> name = trailer.map(text -> text.strip().toLowerCase(Locale.ROOT)).filter(text -> text.startsWith(PREFIX));
        return name.map(known -> new TrailerChecksum(Arrays.stream(Algorithm.values()).filter(one -> one.header().equals(known)).findFirst()
                .orElseThrow(() -> DeniedException.malformed("x-amz-trailer names a checksum that is not known here; one of "
                        + String.join(", ", Arrays.stream(Algorithm.values()).map(Algorithm::header).toList()) + " is"))));
    }

    /** Whether a line of a trailer is about a checksum. */
    static boolean isNamed(String name) {
        return name.startsWith(PREFIX);
    }

    void add(byte[] bytes, int offset, int length) {
        sum.add(bytes, offset, length);
    }

    /**
     * Compares, at the end of the body.
     *
     * @param name  of a line of the trailer, in small letters
     * @param value in base64
     * @throws BodyRefusedException it is another
     */
    void check(String name, String value) {
        if (!name.equals(header)) {
            throw refused("its trailer has " + name + " and not " + header + ", which x-amz-trailer announces");
        }
        if (!Base64.getEncoder().encodeToString(sum.value()).equals(value)) {
            throw refused("it is not what its " + name + " is of; it was changed on the way");
        }
        stated = true;
    }

    /** @throws BodyRefusedException the trailer that has ended did not say it */
    void end() {
        if (!stated) {
            throw refused("its trailer has no " + header + ", which x-amz-trailer announces");
        }
    }

    static BodyRefusedException refused(String why) {
        return new BodyRefusedException(new Refused(400, "ValidationException", "The body is damaged: " + why));
    }

    private static Sum of(Checksum checksum, int bytes) {
        return new Sum() {
            @Override
            public void add(byte[] from, int offset, int length) {
                checksum.update(from, offset, length);
            }

            @Override
            public byte[] value() {
                byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(checksum.getValue()).array();
                return Arrays.copyOfRange(all, Long.BYTES - bytes, Long.BYTES);
            }
        };
    }

    private static Sum of(MessageDigest digest) {
        return new Sum() {
            @Override
            public void add(byte[] from, int offset, int length) {
                digest.update(from, offset, length);
            }

            @Override
            public byte[] value() {
                return digest.digest();
            }
        };
    }
}
