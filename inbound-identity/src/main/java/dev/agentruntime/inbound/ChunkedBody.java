package dev.agentruntime.inbound;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A body in signed chunks ({@code aws-chunked}): each chunk's signature covers its data and the signature before it. The last byte is
 * held back until the chunk that ends the body, and the trailer where there is one, are found right.
 */
final class ChunkedBody implements BodyCheck {

    /** Whether chunks are signed, and what follows them. */
    enum Form {
        SIGNED("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true, false),
        SIGNED_WITH_TRAILER("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", true, true),
        UNSIGNED_WITH_TRAILER("STREAMING-UNSIGNED-PAYLOAD-TRAILER", false, true);

        private final String text;
        private final boolean signed;
        private final boolean trailer;

        Form(String text, boolean signed, boolean trailer) {
            this.text = text;
            this.signed = signed;
            this.trailer = trailer;
        }

        static Optional<Form> of(String text) {
            return Arrays.stream(values()).filter(form -> form.text.equals(text)).findFirst();
        }
    }

    private enum State { HEAD, DATA, AFTER_DATA, TRAILER, OVER }

    private static final int MOST_LINE = 1_024;
    private static final int MOST_TRAILER = 8_192;
    private static final Pattern HEAD = Pattern.compile("([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?");
    private static final String SIGNATURE = "x-amz-trailer-signature";

    private final Form form;
    private final SigningKey key;
    private final String dateTime;
    private final long decodedLength;
    private final Optional<TrailerChecksum> checksum;
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder trailer = new StringBuilder();
    private State state = State.HEAD;
    private MessageDigest digest = SigningKey.digest();
    private String before;
    private String expected = "";
    private long left;
    private boolean last;
    private boolean trailerSigned;
    private long total;
    private Optional<Byte> held = Optional.empty();

    /**
     * @param seed     the signature of the request's head
     * @param checksum that the trailer is to have
     */
    ChunkedBody(Form form, SigningKey key, String dateTime, String seed, long decodedLength, Optional<TrailerChecksum> checksum) {
        this.form = form;
        this.key = key;
        this.dateTime = dateTime;
        this.before = seed;
        this.decodedLength = decodedLength;
        this.checksum = checksum;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(decodedLength);
    }

    @Override
    public int take(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int to = offset;
        for (int at = offset; at < end;) {
            if (state == State.DATA) {
                int run = (int) Math.min(left, end - at);
                sum(buffer, at, run);
                to = move(buffer, at, run, to);
                at += run;
                left -= run;
                if (left == 0) {
                    state = State.AFTER_DATA;
                }
            } else if (state == State.OVER) {
                throw refused("something follows its last chunk");
            } else {
                take(buffer[at++]);
            }
        }
        if (state == State.OVER && held.isPresent()) {
            buffer[to++] = held.get();
            held = Optional.empty();
        }
        return to - offset;
    }

    private void sum(byte[] buffer, int at, int run) {
        if (form.signed) {
            digest.update(buffer, at, run);
        }
        checksum.ifPresent(known -> known.add(buffer, at, run));
    }

    /** All but the last byte, behind the one that was held back. */
    private int move(byte[] buffer, int at, int run, int to) {
        total += run;
        if (total > decodedLength) {
            throw refused("it has more bytes than x-amz-decoded-content-length says");
        }
        byte keep = buffer[at + run - 1];
        int shift = held.isPresent() ? 1 : 0;
        System.arraycopy(buffer, at, buffer, to + shift, run - 1);
        held.ifPresent(first -> buffer[to] = first);
        held = Optional.of(keep);
        return to + shift + run - 1;
    }

    private void take(byte one) {
        if (one != '\n') {
            line.append((char) (one & 0xff));
            if (line.length() > MOST_LINE) {
                throw refused("a line between its chunks has more than " + MOST_LINE + " characters");
            }
            return;
        }
        if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
            throw refused("a line between its chunks does not end in CR LF");
        }
        String text = line.substring(0, line.length() - 1);
        line.setLength(0);
        switch (state) {
            case HEAD -> head(text);
            case AFTER_DATA -> afterData(text);
            default -> trailer(text);
        }
    }

    private void head(String text) {
        Matcher head = HEAD.matcher(text);
        if (!head.matches() || form.signed != (head.group(2) != null)) {
            throw refused(form.signed ? "a chunk has no size and chunk-signature" : "a chunk has no size");
        }
        left = Long.parseLong(head.group(1), 16);
        expected = form.signed ? head.group(2) : "";
        digest = SigningKey.digest();
        last = left == 0;
        if (!last) {
            state = State.DATA;
            return;
        }
        judge();
        state = form.trailer ? State.TRAILER : State.AFTER_DATA;
    }

    private void afterData(String text) {
        if (!text.isEmpty()) {
            throw refused("a chunk is longer than it says");
        }
        if (last) {
            over();
        } else {
            judge();
            state = State.HEAD;
        }
    }

    private void trailer(String text) {
        if (text.isEmpty()) {
            if (form.signed && !trailerSigned) {
                throw refused("its trailer has no " + SIGNATURE);
            }
            checksum.ifPresent(TrailerChecksum::end);
            over();
            return;
        }
        int colon = text.indexOf(':');
        if (colon < 1 || trailerSigned || trailer.length() + text.length() > MOST_TRAILER) {
            throw refused("its trailer is malformed");
        }
        String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
        String value = text.substring(colon + 1).strip();
        if (form.signed && name.equals(SIGNATURE)) {
            String signature = key.sign("AWS4-HMAC-SHA256-TRAILER", dateTime, before,
                    SigningKey.sha256(trailer.toString().getBytes(StandardCharsets.ISO_8859_1)));
            if (!SigningKey.same(signature, value)) {
                throw refused("its trailer is not the one that was signed");
            }
            trailerSigned = true;
        } else {
            if (TrailerChecksum.isNamed(name)) {
                checksum.orElseThrow(() -> TrailerChecksum.refused("its trailer has " + name + ", which no x-amz-trailer announces")).check(name, value);
            }
            trailer.append(name).append(':').append(value).append('\n');
        }
    }

    private void judge() {
        if (!form.signed) {
            return;
        }
        String signature = key.sign("AWS4-HMAC-SHA256-PAYLOAD", dateTime, before, SigningKey.EMPTY, HexFormat.of().formatHex(digest.digest()));
        if (!SigningKey.same(signature, expected)) {
            throw refused("a chunk is not the one that was signed");
        }
        before = signature;
    }

    private void over() {
        if (total != decodedLength) {
            throw refused("it has fewer bytes than x-amz-decoded-content-length says");
        }
        state = State.OVER;
    }

    @Override
    public void end() {
        if (state != State.OVER) {
            throw refused("it ends before its last chunk");
        }
    }

    private static BodyRefusedException refused(String why) {
        return new BodyRefusedException(DeniedException.wrongSignature("The body is not the one that was signed: " + why).refusal());
    }
}
