package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.Subject;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/**
 * Counts the threads that wait for bodies. Each body has to keep a pace, and that of one caller may be slow in as many requests as the caller
 * likes: of the threads that wait each subject has a share. Thread-safe.
 */
final class WaitingReads {

    static final int MOST_OF_ONE = 32;
    private static final int TOO_MANY_REQUESTS = 429;

    private final Shares<Subject> shares = new Shares<>(MOST_OF_ONE);

    /** {@code body}, of which a read throws {@link BodyRefusedException} where it breaks off, or as many as may wait for the subject's bodies already. */
    ServletInputStream counted(Subject subject, ServletInputStream body) {
        return new Counted(subject, body);
    }

    private final class Counted extends BlockingBody {

        private final Subject subject;
        private final ServletInputStream in;

        Counted(Subject subject, ServletInputStream in) {
            this.subject = subject;
            this.in = in;
        }

        @Override
        int next(byte[] buffer, int offset, int length) throws IOException {
            if (!shares.take(subject)) {
                throw new BodyRefusedException(new InboundVerdict.Refused(TOO_MANY_REQUESTS, "ThrottlingException",
                        MOST_OF_ONE + " requests of this caller wait for their bodies, as many as may; send them faster, or fewer at once"));
            }
            try {
                return in.read(buffer, offset, length);
            } catch (IOException broken) {
                throw BrokenBody.refusal(broken);
            } finally {
                shares.giveBack(subject);
            }
        }
    }
}
