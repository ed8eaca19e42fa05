package dev.agentruntime.inbound;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * A body of which the hash was signed. Where its length is known, the bytes with which it ends are not handed on unless it is the one
 * that was signed; where it is not, its end is not.
 */
final class HashedBody implements BodyCheck {

    private final String hash;
    private final OptionalLong announced;
    private final MessageDigest digest = SigningKey.digest();
    private long total;
    private boolean judged;

    HashedBody(String hash, OptionalLong announced) {
        this.hash = hash;
        this.announced = announced;
    }

    @Override
    public int take(byte[] buffer, int offset, int length) {
        digest.update(buffer, offset, length);
        total += length;
        if (announced.isPresent() && announced.getAsLong() == total) {
            end();
        }
        return length;
    }

    @Override
    public void end() {
        if (!judged && !SigningKey.same(HexFormat.of().formatHex(digest.digest()), hash)) {
            throw new BodyRefusedException(DeniedException.wrongSignature("The body is not the one that was signed: it has another SHA-256"
                    + " than x-amz-content-sha256").refusal());
        }
        judged = true;
    }
}
