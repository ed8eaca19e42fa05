package dev.agentruntime.invocation;

import dev.agentruntime.log.Complaints;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Notices that a caller has closed its connection while nothing is read from it and nothing written to it. No servlet
 * container says so; the kernel does, in its tables of TCP connections, which this reads every second as long as somebody is
 * watched. A caller that ends its own direction only counts as gone. Thread-safe.
 */
final class CallerWatch implements AutoCloseable {

    static final Duration PERIOD = Duration.ofSeconds(1);

    /** Ends a watch. */
    interface Watching extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Watched {
        private final Set<String> names;
        private final Runnable left;
        private boolean seen;

        Watched(Set<String> names, Runnable left) {
            this.names = names;
            this.left = left;
        }
    }

    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

    private final List<Path> tables;
    private final Executor executor;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Complaints complaints = new Complaints(System::nanoTime);
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "agent-caller-watch");
        daemon.setDaemon(true);
        return daemon;
    });

    /** @param executor runs what is to be done when a caller has left */
    CallerWatch(Executor executor) {
        this(executor, TABLES, PERIOD);
    }

    CallerWatch(Executor executor, List<Path> tables, Duration period) {
        this.executor = executor;
        this.tables = tables;
        thread.scheduleWithFixedDelay(this::look, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs {@code left} once when the caller is gone. Without effect where there is no way to the request's connection. */
    Watching watch(HttpServletRequest request, Runnable left) {
        return CallerConnection.socket(request).map(socket -> watch(socket, left)).orElse(() -> { });
    }

    /** The same for a connection that is no request's any more. */
    Watching watch(Socket socket, Runnable left) {
        return socket.getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? watch(TcpTable.names(socket.getLocalPort(), remote), left) : () -> { };
    }

    Watching watch(Set<String> names, Runnable left) {
        Watched one = new Watched(names, left);
        watched.add(one);
        return () -> watched.remove(one);
    }

    private void look() {
        if (watched.isEmpty()) {
            return;
        }
        try {
            Map<String, Boolean> open = open();
            watched.forEach(one -> look(one, open));
        } catch (IOException | RuntimeException | Error e) { // a table that cannot be read now can be the next time
            if (complaints.isDue()) {
                InvocationMessage.CALLERS_NOT_WATCHED.log(e, String.valueOf(e.getMessage()));
            }
        }
    }

    /** A connection that was never in the table is one that this cannot see, not one that is gone. */
    private void look(Watched one, Map<String, Boolean> open) {
        Optional<Boolean> state = one.names.stream().map(open::get).filter(Objects::nonNull).findFirst();
        if (state.orElse(!one.seen)) {
            one.seen = one.seen || state.isPresent();
        } else if (watched.remove(one)) {
            executor.execute(one.left);
        }
    }

    private Map<String, Boolean> open() throws IOException {
        Map<String, Boolean> open = new HashMap<>();
        for (Path table : tables) {
            try (Stream<String> lines = Files.lines(table, StandardCharsets.US_ASCII)) {
                lines.skip(1).forEach(line -> TcpTable.read(line, open));
            } catch (NoSuchFileException noSuchProtocol) {
                // A kernel without IPv6 has no table for it.
            }
        }
        return open;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
