import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The agent by which the checks in the test host see a guest's clocks and draws. It looks at the clocks all the time; each answer tells
 * what it has seen since the one before: how far the wall clock and the monotonic one have gone back, and for how long the monotonic
 * one went on while no line of the agent ran. Its generator of random numbers has drawn before the template was made, so that clones
 * which share its state would draw the same.
 */
@WebServlet(urlPatterns = {"/ping", "/invocations"}, loadOnStartup = 1)
public final class Clock extends HttpServlet {

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Path SOURCE = Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    private static final Path KERNEL_DRAW = Path.of("/proc/sys/kernel/random/uuid");

    private final SecureRandom random = new SecureRandom();
    private final AtomicLong wallBack = new AtomicLong();
    private final AtomicLong nanosBack = new AtomicLong();
    private final AtomicLong stall = new AtomicLong();

    @Override
    public void init() {
        random.nextLong();
        Thread watch = new Thread(this::watch, "clock-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private void watch() {
        long wall = System.currentTimeMillis();
        long nanos = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            long wallNow = System.currentTimeMillis();
            long nanosNow = System.nanoTime();
            wallBack.accumulateAndGet(wall - wallNow, Math::max);
            nanosBack.accumulateAndGet((nanos - nanosNow) / 1_000_000, Math::max);
            stall.accumulateAndGet((nanosNow - nanos) / 1_000_000, Math::max);
            wall = wallNow;
            nanos = nanosNow;
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getWriter().print("{\"status\":\"Healthy\"}");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getWriter().printf("{\"millis\":%d,\"wallBackMillis\":%d,\"monotonicBackMillis\":%d,\"stallMillis\":%d,\"source\":\"%s\","
                        + "\"draw\":\"%016x\",\"kernelDraw\":\"%s\"}",
                System.currentTimeMillis(), wallBack.getAndSet(0), nanosBack.getAndSet(0), stall.getAndSet(0), Files.readString(SOURCE).strip(),
                random.nextLong(), Files.readString(KERNEL_DRAW).strip());
    }
}
