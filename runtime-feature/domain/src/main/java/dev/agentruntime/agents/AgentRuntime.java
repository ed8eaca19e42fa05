package dev.agentruntime.agents;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One agent runtime: the version that serves and the one that is being made ready. Thread-safe; blocks on nothing but a
 * look at its file.
 */
final class AgentRuntime {

    private static final Backoff FIRST = new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5));

    /** What a version is made of, as far as it can be told without reading the WAR. */
    private record Source(FileStamp stamp, AgentConfig config) {

        boolean makesTheSame(Source other) {
            return stamp.equals(other.stamp) && config.location().equals(other.config.location())
                    && config.memoryBytes() == other.config.memoryBytes() && config.vcpus() == other.config.vcpus();
        }
    }

    private enum Standing { FIRST_TRY, TRIED, REMOVED }

    private final AgentContext context;
    private final VersionMaker maker;
    private AgentConfig config;
    private Standing standing = Standing.FIRST_TRY;
    private Preparation preparation = new Preparation.Running("Waiting for the platform to be ready.");
    private Optional<FileStamp> seen = Optional.empty();
    private Optional<Source> tried = Optional.empty();
    private Optional<AgentVersion> serving = Optional.empty();
    private CompletableFuture<AgentVersion> awaited = new CompletableFuture<>();

    AgentRuntime(AgentContext context, VersionMaker maker, AgentConfig config) {
        this.context = context;
        this.maker = maker;
        this.config = config;
    }

    synchronized void configure(AgentConfig changed) {
        config = changed;
    }

    synchronized String name() {
        return config.name();
    }

    /** Whether it has become ready or failed once. */
    synchronized boolean tried() {
        return standing != Standing.FIRST_TRY;
    }

    /** A hold on the serving version; waits for it while it is being made ready, fails with RequestException. */
    synchronized CompletionStage<AgentLease> lease() {
        if (serving.isPresent()) {
            return CompletableFuture.completedFuture(serving.get().lease());
        }
        return preparation instanceof Preparation.Running
                ? awaited.thenApply(AgentVersion::lease)
                : CompletableFuture.failedFuture(refusal());
    }

    /** That of the version that serves. */
    synchronized Optional<VmPool> pool() {
        return serving.map(AgentVersion::pool);
    }

    synchronized AgentRuntimeView view(int liveSessions) {
        AgentRuntimeView.Status status = serving.isPresent() ? AgentRuntimeView.Status.READY
                : preparation instanceof Preparation.Running ? AgentRuntimeView.Status.CREATING
                : AgentRuntimeView.Status.CREATE_FAILED;
        String reason = serving.isPresent() && !preparation.reason().isEmpty()
                ? "Version " + serving.get().name() + " serves; the newer one: " + preparation.reason()
                : preparation.reason();
        return new AgentRuntimeView(config.name(), status, reason, preparation.log(),
                serving.map(AgentVersion::name),
                serving.map(version -> version.template().startMode()), liveSessions,
                serving.map(version -> version.pool().size()).orElse(0));
    }

    /**
     * Looks at the WAR and begins to make a new version ready where there is one. A file counts once it has looked the
     * same twice, so that one that is still being copied is left alone.
     */
    void look() {
        Optional<Runnable> due = due();
        due.ifPresent(context.executors().preparation()::execute);
    }

    private synchronized Optional<Runnable> due() {
        Optional<FileStamp> stamp = FileStamp.of(config.location());
        boolean still = stamp.equals(seen);
        seen = stamp;
        if (standing == Standing.REMOVED || maker.isAt(this)) {
            return Optional.empty();
        }
        if (stamp.isEmpty()) {
            missing();
            return Optional.empty();
        }
        Source source = new Source(stamp.get(), config);
        if (!still || (tried.filter(source::makesTheSame).isPresent() && !retryIsDue())) {
            return Optional.empty();
        }
        tried = Optional.of(source);
        Backoff backoff = preparation instanceof Preparation.PlatformFailed failed ? failed.next() : FIRST;
        running("Reading the WAR.");
        return Optional.of(maker.making(this, config, backoff));
    }

    private boolean retryIsDue() {
        return preparation instanceof Preparation.PlatformFailed failed && !context.now().isBefore(failed.again());
    }

    private void missing() {
        String reason = "There is no WAR at " + config.location() + ". Put it there; it is picked up by itself.";
        tried = Optional.empty();
        if (!preparation.reason().equals(reason)) {
            maker.reportWar(config.name(), reason);
            failed(new Preparation.WarFailed(reason, List.of()));
        }
    }

    /** Tells what is being done at the moment. */
    synchronized void running(String step) {
        preparation = new Preparation.Running(step);
        if (awaited.isDone()) {
            awaited = new CompletableFuture<>();
        }
    }

    synchronized boolean serves(String digest, AgentConfig with) {
        return serving.filter(version -> version.spec().artifact().digest().equals(digest)
                && version.spec().memoryBytes() == with.memoryBytes() && version.spec().vcpus() == with.vcpus())
                .isPresent();
    }

    /** The WAR was touched, nothing more. */
    synchronized void unchanged() {
        preparation = new Preparation.Done();
    }

    void ready(AgentVersion version) {
        Optional<AgentVersion> retired;
        CompletableFuture<AgentVersion> waiting;
        synchronized (this) {
            if (standing == Standing.REMOVED) {
                retired = Optional.of(version);
            } else {
                retired = serving;
                serving = Optional.of(version);
                standing = Standing.TRIED;
            }
            preparation = new Preparation.Done();
            waiting = awaited;
        }
        waiting.complete(version);
        retired.ifPresent(AgentVersion::retire);
    }

    void failed(Preparation failure) {
        CompletableFuture<AgentVersion> waiting;
        RequestException refusal;
        synchronized (this) {
            preparation = failure;
            standing = standing == Standing.REMOVED ? Standing.REMOVED : Standing.TRIED;
            waiting = awaited;
            refusal = refusal();
        }
        waiting.completeExceptionally(refusal);
    }

    /** The platform failed it; tried again after the pause of {@code backoff}. */
    void failedByPlatform(String reason, Backoff backoff) {
        failed(new Preparation.PlatformFailed(reason, context.now().plus(backoff.pause()), backoff.next()));
    }

    /** It is no more; sessions that run go on. */
    void remove() {
        Optional<AgentVersion> retired;
        CompletableFuture<AgentVersion> waiting;
        synchronized (this) {
            standing = Standing.REMOVED;
            retired = serving;
            serving = Optional.empty();
            preparation = new Preparation.WarFailed("The agent runtime was removed.", List.of());
            waiting = awaited;
        }
        waiting.completeExceptionally(
                new RequestException(Kind.NOT_FOUND, "Agent runtime " + name() + " was removed."));
        retired.ifPresent(AgentVersion::retire);
    }

    private RequestException refusal() {
        Kind kind = preparation instanceof Preparation.PlatformFailed ? Kind.PLATFORM : Kind.AGENT;
        return new RequestException(kind, "Agent runtime " + config.name() + " could not be made ready: "
                + preparation.reason(), preparation.log());
    }
}
