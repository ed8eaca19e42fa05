package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
import dev.agentruntime.api.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A session that knows who owns it and how many invocations hold it Active. */
final class FakeSession {

    private final String runtime;
    private final String id;
    private final Caller owner;
    private final Instant createdAt = Instant.now();
    private final AtomicInteger open = new AtomicInteger();
    private final Set<SocketStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ended = new AtomicBoolean();

    FakeSession(String runtime, String id, Caller owner) {
        this.runtime = runtime;
        this.id = id;
        this.owner = owner;
    }

    String runtime() {
        return runtime;
    }

    void check(Caller caller) {
        if (!caller.mayUse(owner.subject())) {
            throw new RequestException(RequestException.Kind.FORBIDDEN, "Session " + id + " belongs to another subject");
        }
    }

    /** Shows whose member the caller was taken for. */
    private String vmName() {
        return "fake-vm-of-" + owner.tenant().kind() + "-" + owner.tenant().name() + "-" + id;
    }

    boolean lives() {
        return !ended.get();
    }

    SessionView stop() {
        ended.set(true);
        streams.forEach(SocketStream::reset);
        return view();
    }

    SessionView view() {
        Status status = ended.get() ? Status.TERMINATED : open.get() > 0 ? Status.ACTIVE : Status.IDLE;
        return new SessionView(id, runtime, "ba9876543210", status, owner.subject(), createdAt, createdAt,
                Optional.of(StartMode.CLONE), Optional.of(Duration.ofMillis(40)), Optional.of(vmName()),
                ended.get() ? Optional.of("Stopped on request") : Optional.empty(),
                new Usage(1_500_000_000, BigDecimal.valueOf(1L << 30), 1 << 20, 1, MeterSource.CGROUP));
    }

    Invocation begin(int port, int commandPort, BiConsumer<Invocation.Outcome, Duration> done) {
        open.incrementAndGet();
        Instant begun = Instant.now();
        String requestId = UUID.randomUUID().toString();
        AtomicBoolean closed = new AtomicBoolean();
        return new Invocation() {
            @Override
            public String sessionId() {
                return id;
            }

            @Override
            public String requestId() {
                return requestId;
            }

            @Override
            public String vm() {
                return vmName();
            }

            @Override
            public String path() {
                return "/invocations";
            }

            @Override
            public java.util.Set<String> headers() {
                return java.util.Set.of();
            }

            @Override
            public boolean passesToken() {
                return false;
            }

            @Override
            public SessionOrigin origin() {
                return SessionOrigin.CONTINUED;
            }

            @Override
            public GuestStream connect(Target target) {
                SocketStream stream = new SocketStream(target.equals(Target.AGENT) ? port : commandPort);
                streams.add(stream);
                return stream;
            }

            @Override
            public List<String> logTail(int lines) {
                return List.of("[ERROR] the guest's last line");
            }

            @Override
            public Usage usage() {
                return view().usage();
            }

            @Override
            public SessionView session() {
                return view();
            }

            @Override
            public void close(Outcome outcome) {
                if (closed.compareAndSet(false, true)) {
                    open.decrementAndGet();
                    done.accept(outcome, Duration.between(begun, Instant.now()));
                }
            }
        };
    }
}
