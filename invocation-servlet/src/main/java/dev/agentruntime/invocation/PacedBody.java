package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.InboundVerdict;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A body for which a thread waits: it has to come at a pace, so that nobody holds a thread by a body that never ends. The container bounds
 * how long one read may take, this how long all together. Not thread-safe.
 */
final class PacedBody extends BlockingBody {

    /**
     * How slow a body may be.
     *
     * @param free           for it to come, however large
     * @param bytesPerSecond for which it has a second more; 0 where it has not
     * @param advice         for whoever is too slow: nothing, or what follows a sentence
     */
    record Pace(Duration free, int bytesPerSecond, String advice) {

        private static final long SECOND = Duration.ofSeconds(1).toNanos();

        /** Of requests whose callers are known. */
        static final Pace USUAL = new Pace(Duration.ofSeconds(20), 16 * 1024, "");

        private boolean isMissed(long bytes, long nanos) {
            return nanos > free.toNanos() + (bytesPerSecond == 0 ? 0 : bytes / bytesPerSecond * SECOND);
        }

        private String text() {
            return free.toSeconds() + " seconds" + (bytesPerSecond == 0 ? "" : ", and a second more for each " + bytesPerSecond + " bytes");
        }
    }

    private final ServletInputStream in;
    private final Pace pace;
    private final LongSupplier nanoTime;
    private long waited;
    private long bytes;

    PacedBody(ServletInputStream in, Pace pace) {
        this(in, pace, System::nanoTime);
    }

    PacedBody(ServletInputStream in, Pace pace, LongSupplier nanoTime) {
        this.in = in;
        this.pace = pace;
        this.nanoTime = nanoTime;
    }

    /** @throws BodyRefusedException it comes too slowly; what was done with it meanwhile does not count */
    @Override
    int next(byte[] buffer, int offset, int length) throws IOException {
        long begun = nanoTime.getAsLong();
        int read = in.read(buffer, offset, length);
        waited += nanoTime.getAsLong() - begun;
        bytes += Math.max(0, read);
        if (read >= 0 && pace.isMissed(bytes, waited)) {
            throw new BodyRefusedException(new InboundVerdict.Refused(HttpServletResponse.SC_REQUEST_TIMEOUT, "ValidationException",
                    "The body came too slowly: it has " + pace.text() + pace.advice()));
        }
        return read;
    }
}
