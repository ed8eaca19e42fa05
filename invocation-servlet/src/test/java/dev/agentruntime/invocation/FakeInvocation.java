package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Target;
import dev.agentruntime.api.Usage;
import dev.agentruntime.invocation.fake.SocketStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An invocation whose guest is a port of this machine. */
class FakeInvocation implements Invocation {

    /** Completed by the first close. */
    final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private final String session;
    private final int port;
    private final Supplier<List<String>> log;
    private String path = "/invocations";
    private boolean passesToken;
    private Set<String> headers = Set.of();
    private final AtomicInteger readings = new AtomicInteger();

    FakeInvocation(int port) {
        this("session-1", port, () -> List.of("[ERROR] the guest's last line"));
    }

    FakeInvocation(String session, int port, Supplier<List<String>> log) {
        this.session = session;
        this.port = port;
        this.log = log;
    }

    /** This one, whose agent takes it there. */
    FakeInvocation at(String other) {
        path = other;
        return this;
    }

    /** This one, whose agent is to have its caller's token. */
    FakeInvocation withToken() {
        passesToken = true;
        return this;
    }

    /** This one, whose agent is to have these headers besides. */
    FakeInvocation withHeaders(String... names) {
        headers = Set.of(names);
        return this;
    }

    @Override
    public Set<String> headers() {
        return headers;
    }

    @Override
    public boolean passesToken() {
        return passesToken;
    }

    @Override
    public String sessionId() {
        return session;
    }

    @Override
    public SessionOrigin origin() {
        return SessionOrigin.CONTINUED;
    }

    @Override
    public String requestId() {
        return "request-1";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String vm() {
        return "vm-of-" + session;
    }

    @Override
    public GuestStream connect(Target target) {
        return new SocketStream(port);
    }

    @Override
    public List<String> logTail(int lines) {
        return log.get();
    }

    @Override
    public SessionView session() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        return new SessionView(session, "echo", "v", SessionView.Status.ACTIVE, new Subject("https://idp.test", "alice"), now, now,
                Optional.of(StartMode.CLONE), Optional.of(Duration.ofMillis(1)), Optional.of(vm()), Optional.empty(),
                new Usage(0, BigDecimal.ZERO, 0, 1, MeterSource.CGROUP));
    }

    /** A second of CPU more each time it is asked. */
    @Override
    public Usage usage() {
        return new Usage(1_000_000_000L * readings.incrementAndGet(), BigDecimal.ZERO, 0, 1, MeterSource.CGROUP);
    }

    @Override
    public void close(Outcome how) {
        outcome.complete(how);
    }
}
