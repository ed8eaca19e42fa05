package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/** A body that is checked while it is read, by blocking: its end comes only where all of it is right. Not thread-safe. */
final class CheckedBody extends ServletInputStream {

    private final ServletInputStream in;
    private final BodyCheck check;
    private boolean over;

    CheckedBody(ServletInputStream in, BodyCheck check) {
        this.in = in;
        this.check = check;
    }

    /** @throws BodyRefusedException it is not the one that was signed */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (over || length == 0) {
            return over ? -1 : 0;
        }
        int passed = 0;
        while (passed == 0) {
            int read = in.read(buffer, offset, length);
            if (read < 0) {
                check.end();
                over = true;
                return -1;
            }
            passed = check.take(buffer, offset, read);
        }
        return passed;
    }

    /** @throws BodyRefusedException it is not the one that was signed */
    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public boolean isFinished() {
        return over;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("A signed body is read by blocking, or as JudgedRequest.bodyOf gives it");
    }
}
