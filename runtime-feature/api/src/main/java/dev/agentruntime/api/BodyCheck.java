package dev.agentruntime.api;

import java.util.OptionalLong;

/**
 * Judges the body of one request while it is read, and takes the signatures out of one that has them in it. Its last byte is not
 * handed on before all of it is judged. Not thread-safe.
 */
public interface BodyCheck {

    /** Any body will do. */
    BodyCheck NONE = new BodyCheck() {
        @Override
        public int take(byte[] buffer, int offset, int length) {
            return length;
        }

        @Override
        public void end() {}
    };

    /**
     * Takes what was read and leaves in its place what may be handed on.
     *
     * @return how many bytes from {@code offset} may be handed on; at most {@code length}
     * @throws BodyRefusedException the body is not the one that was signed
     */
    int take(byte[] buffer, int offset, int length);

    /**
     * The body has ended.
     *
     * @throws BodyRefusedException the body is not the one that was signed
     */
    void end();

    /** How many bytes are handed on in all, where that is another number than the body's own length. */
    default OptionalLong length() {
        return OptionalLong.empty();
    }
}
