package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/** A body that is checked while it is read: its end comes only where all of it is right. Not thread-safe. */
final class CheckedBody extends BlockingBody {

    private final ServletInputStream in;
    private final BodyCheck check;

    CheckedBody(ServletInputStream in, BodyCheck check) {
        this.in = in;
        this.check = check;
    }

    /** @throws BodyRefusedException it is not the one that was signed */
    @Override
    int next(byte[] buffer, int offset, int length) throws IOException {
        int passed = 0;
        while (passed == 0) {
            int read = in.read(buffer, offset, length);
            if (read < 0) {
                check.end();
                return -1;
            }
            passed = check.take(buffer, offset, read);
        }
        return passed;
    }
}
