package dev.agentruntime.spi.fake;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.GuestStreams;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A virtual machine in memory. Tests make it burn, answer, fail and die. */
public final class FakeVm implements Vm {

    private enum State { RUNNING, PAUSED, DEAD, DESTROYED }

    private final String name;
    private final StartMode startMode;
    private final Optional<Tenant> tenant;
    private final FakeDriver driver;
    private final Set<GuestStream> streams = ConcurrentHashMap.newKeySet();
    private final List<Duration> farewells = new ArrayList<>();
    private final CompletableFuture<String> death = new CompletableFuture<>();
    private State state = State.RUNNING;
    private GuestStreams opened = (target, stream) -> stream.close();
    private Optional<SessionStart> begun = Optional.empty();
    private Optional<FakeVm> origin = Optional.empty();
    private PingAnswer.Replied ping = new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}");
    private Optional<String> resumeFailure = Optional.empty();
    private Optional<RuntimeException> pingFailure = Optional.empty();
    private long cpuNanos = Duration.ofMillis(300).toNanos();
    private long memoryBytes = 64L << 20;
    private String memory = "";

    FakeVm(String name, StartMode startMode, Optional<Tenant> tenant, FakeDriver driver) {
        this.name = name;
        this.startMode = startMode;
        this.tenant = tenant;
        this.driver = driver;
    }

    /** It as another driver finds it. */
    synchronized FakeVm of(FakeDriver other) {
        FakeVm same = new FakeVm(name, startMode, tenant, other);
        same.state = state;
        same.begun = begun;
        same.origin = origin;
        same.cpuNanos = cpuNanos;
        same.memoryBytes = memoryBytes;
        same.memory = memory;
        return same;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public StartMode startMode() {
        return startMode;
    }

    @Override
    public void begin(SessionStart start) {
        driver.failures().meet(FakeDriver.Step.BEGIN);
        synchronized (this) {
            checkAlive();
            if (begun.isPresent()) {
                throw new IllegalStateException("begin was called twice on " + name);
            }
            begun = Optional.of(start);
            state = State.RUNNING;
        }
        burn(Duration.ofMillis(50));
    }

    /** Whose copy of the template it was made from; empty when from what all have in common. */
    public Optional<Tenant> tenant() {
        return tenant;
    }

    /** The session it has begun. */
    public Optional<String> session() {
        return begun().map(SessionStart::sessionId);
    }

    /** What it was given when its session began. */
    public synchronized Optional<SessionStart> begun() {
        return begun;
    }

    /** Uses CPU. */
    public synchronized void burn(Duration cpu) {
        cpuNanos += cpu.toNanos();
    }

    public synchronized void hold(long bytes) {
        memoryBytes = bytes;
    }

    /** Its guest holds this from now on. */
    public synchronized void remember(String text) {
        memory = text;
    }

    /** What its guest holds. */
    public synchronized String memory() {
        return memory;
    }

    public synchronized void answerPings(PingAnswer.Replied reply) {
        ping = reply;
        pingFailure = Optional.empty();
    }

    public synchronized void failPings(RuntimeException failure) {
        pingFailure = Optional.of(failure);
    }

    public synchronized void failResume(String why) {
        resumeFailure = Optional.of(why);
    }

    /** Ends by itself, as a killed QEMU does. */
    public void die(String how) {
        synchronized (this) {
            if (state == State.DESTROYED) {
                return;
            }
            state = State.DEAD;
        }
        cutStreams();
        death.complete(how);
    }

    public synchronized boolean isDestroyed() {
        return state == State.DESTROYED;
    }

    @Override
    public synchronized boolean isPaused() {
        return state == State.PAUSED;
    }

    @Override
    public synchronized void onStream(GuestStreams receiver) {
        opened = receiver;
    }

    /** The guest opens a stream to the host; returns the guest's end of it. */
    public GuestStream openFromGuest(Target target) {
        PipedStream.Pair pair = PipedStream.pair(driver.threads());
        GuestStreams receiver;
        synchronized (this) {
            checkRuns();
            streams.add(pair.host());
            receiver = opened;
        }
        receiver.opened(target, pair.host());
        return pair.guest();
    }

    @Override
    public GuestStream connect(Target target) {
        driver.failures().meet(FakeDriver.Step.CONNECT);
        return connected(target);
    }

    private synchronized GuestStream connected(Target target) {
        checkRuns();
        boolean command = target.equals(FakeCommand.TARGET);
        GuestStream stream = command ? PipedStream.to(driver.threads(), FakeCommand::serve) : PipedStream.toAgent(driver.threads(), driver::agent);
        streams.add(stream);
        if (!command && !target.equals(Target.AGENT)) {
            stream.close(); // the guest refuses what it does not know
        }
        return stream;
    }

    @Override
    public PingAnswer.Replied ping(Duration timeout) {
        driver.failures().meet(FakeDriver.Step.PING);
        return answer();
    }

    private synchronized PingAnswer.Replied answer() {
        checkRuns();
        pingFailure.ifPresent(failure -> {
            throw failure;
        });
        return ping;
    }

    @Override
    public MeterReading read() {
        driver.failures().meet(FakeDriver.Step.READ);
        return figures();
    }

    private synchronized MeterReading figures() {
        checkAlive();
        return new MeterReading(cpuNanos, memoryBytes, MeterSource.CGROUP);
    }

    @Override
    public List<String> logTail(int lines) {
        List<String> all = List.of("[fake] booted", "[fake] agent ready", "[fake] session " + session().orElse("none"));
        return all.subList(Math.max(0, all.size() - lines), all.size());
    }

    @Override
    public void pause() {
        driver.failures().meet(FakeDriver.Step.PAUSE);
        stop();
        driver.failures().met(FakeDriver.Step.PAUSE);
    }

    synchronized void stop() {
        checkAlive();
        state = State.PAUSED;
    }

    @Override
    public void resume() {
        driver.failures().meet(FakeDriver.Step.RESUME);
        goOn();
        driver.failures().met(FakeDriver.Step.RESUME);
    }

    private synchronized void goOn() {
        checkAlive();
        resumeFailure.ifPresent(why -> {
            throw new VmException(why);
        });
        begun = begun.or(() -> origin.flatMap(FakeVm::begun));
        state = State.RUNNING;
    }

    @Override
    public Snapshot snapshot(long mostBytes) {
        driver.failures().meet(FakeDriver.Step.SNAPSHOT);
        synchronized (this) {
            checkAlive();
            if (state != State.PAUSED || begun.isEmpty()) {
                throw new VmException("The VM " + name + " is not paused in its session.");
            }
        }
        FakeSnapshot snapshot = driver.snapshot(this, mostBytes);
        driver.failures().met(FakeDriver.Step.SNAPSHOT);
        return snapshot;
    }

    /** Stands where {@code other} stood when it was put on the disk. */
    synchronized void like(FakeVm other, String memoryThen) {
        origin = Optional.of(other);
        memory = memoryThen;
        state = State.PAUSED;
    }

    /** The VM of which it has the memory, where it was started from the disk. */
    public synchronized Optional<FakeVm> origin() {
        return origin;
    }

    @Override
    public CompletionStage<String> death() {
        return death;
    }

    /** In the hands of the server's next run, of which nobody has paused it. */
    synchronized void goOnAgain() {
        checkAlive();
        state = State.RUNNING;
        opened = (target, stream) -> stream.close();
    }

    synchronized FoundVm found() {
        return new FoundVm(name, switch (state) {
            case RUNNING -> FoundVm.State.RUNNING;
            case PAUSED -> FoundVm.State.PAUSED;
            case DEAD, DESTROYED -> FoundVm.State.ENDED;
        });
    }

    @Override
    public void leave() {
        cutStreams();
        driver.left(this);
    }

    @Override
    public void farewell(Duration grace) {
        driver.failures().meet(FakeDriver.Step.FAREWELL);
        goOn();
        synchronized (this) {
            farewells.add(grace);
        }
    }

    /** What time it was given at its session's end, each time that it was told. */
    public synchronized List<Duration> farewells() {
        return List.copyOf(farewells);
    }

    @Override
    public MeterReading destroy() {
        driver.failures().meet(FakeDriver.Step.DESTROY);
        synchronized (this) {
            state = State.DESTROYED;
        }
        cutStreams();
        driver.gone(this);
        driver.failures().met(FakeDriver.Step.DESTROY);
        synchronized (this) {
            return new MeterReading(cpuNanos, 0, MeterSource.CGROUP);
        }
    }

    private void cutStreams() {
        streams.forEach(GuestStream::close);
        streams.clear();
    }

    /** A paused guest answers nobody; in a test that is a fault of whoever asks. */
    private void checkRuns() {
        checkAlive();
        if (state == State.PAUSED) {
            throw new IllegalStateException("The VM " + name + " is paused and was asked something.");
        }
    }

    private void checkAlive() {
        if (state == State.DEAD || state == State.DESTROYED) {
            throw new VmException("The VM " + name + " is gone.");
        }
    }
}
