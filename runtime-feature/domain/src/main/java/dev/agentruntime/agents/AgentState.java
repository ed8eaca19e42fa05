package dev.agentruntime.agents;

import dev.agentruntime.agents.PreparationState.Done;
import dev.agentruntime.agents.PreparationState.Failed;
import dev.agentruntime.agents.PreparationState.Retry;
import dev.agentruntime.agents.PreparationState.Running;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.AgentSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Which version of an agent serves, and how far the preparation of the next one is. Thread-safe; knows no files and does not
 * block. A method that returns a Runnable leaves it to its caller to run it, without a lock.
 */
final class AgentState {

    /** For a version to be made ready, those that are made before it included; a base template takes minutes under emulation. */
    static final Duration LONGEST_PREPARATION = Duration.ofHours(1);

    private static final Runnable NOTHING = () -> { };

    private enum Standing { FIRST_TRY, TRIED, REMOVED }

    /** What is being done for the agent: one thing at a time. */
    enum Work {
        NONE,
        /** An artifact is copied. */
        READING,
        /** The driver prepares another artifact. */
        PREPARING,
        /** The driver prepares the version that serves, or whose template was lost, once more. */
        RENEWING
    }

    private final ArtifactWatch watch = new ArtifactWatch();
    private final LeaseQueue callers = new LeaseQueue();
    private AgentConfig config;
    private Standing standing = Standing.FIRST_TRY;
    private Work work = Work.NONE;
    private Optional<AgentConfig> reading = Optional.empty();
    private PreparationState preparation = new Running("Waiting for the platform to be ready.");
    private Backoff backoff = Renewal.FIRST;
    private Optional<String> hanging = Optional.empty();
    private Optional<Instant> preparingSince = Optional.empty();
    private Optional<String> late = Optional.empty();
    private Optional<AgentVersion> serving = Optional.empty();
    private Optional<Renewal> renewal = Optional.empty();

    AgentState(AgentConfig config) {
        this.config = config;
    }

    /** What is being read from another location is not waited for: that may be why the location is another. */
    synchronized void configure(AgentConfig changed) {
        if (!isAt(changed)) {
            hanging = Optional.empty();
            work = work == Work.READING ? Work.NONE : work;
        }
        config = changed;
    }

    private boolean isAt(AgentConfig agent) {
        return agent.location().equals(config.location());
    }

    synchronized AgentConfig config() {
        return config;
    }

    /** Whether a version has become ready or failed once. */
    synchronized boolean tried() {
        return standing != Standing.FIRST_TRY;
    }

    /** A lease of the version that serves. Waits for one that is being prepared; fails with RequestException. */
    synchronized CompletionStage<AgentLease> lease() {
        if (serving.isPresent()) {
            return CompletableFuture.completedFuture(serving.get().lease());
        }
        return preparation instanceof Running && hanging().isEmpty()
                ? callers.add() : CompletableFuture.failedFuture(refusal());
    }

    synchronized Optional<AgentVersion> serving() {
        return serving;
    }

    synchronized AgentRuntimeView view(int liveSessions) {
        return AgentViews.view(config.name(), serving, preparation, hanging(), renewal, liveSessions);
    }

    /** What is to be done after a check. Reading counts as being done from now on. */
    synchronized Work due(AgentConfig checked, Optional<FileStamp> stamp, Instant now) {
        if (!isAt(checked)) {
            return Work.NONE;
        }
        hanging = Optional.empty();
        ArtifactWatch.Finding finding = watch.check(stamp, checked);
        if (standing == Standing.REMOVED || work != Work.NONE) {
            return Work.NONE;
        }
        if (finding == ArtifactWatch.Finding.NEW) {
            backoff = Renewal.FIRST;
            watch.take(checked);
            work = Work.READING;
        } else if (finding == ArtifactWatch.Finding.KNOWN && isDue(preparation.retry(), now)) {
            work = Work.READING;
        }
        if (work == Work.READING) {
            preparation = new Running("Reading the WAR.");
            reading = Optional.of(checked);
            return work;
        }
        return isDue(renewal.map(Renewal::retry), now) ? Work.RENEWING : Work.NONE;
    }

    private static boolean isDue(Optional<Retry> retry, Instant now) {
        return retry.filter(next -> next.isDue(now)).isPresent();
    }

    /** Empty when that is known already. A version that is to be renewed needs no artifact. */
    synchronized Optional<Runnable> missing(AgentConfig checked, String reason, Instant now) {
        return !isAt(checked) || standing == Standing.REMOVED || work != Work.NONE || preparation.reason().equals(reason)
                || (serving.isEmpty() && renewal.isPresent())
                ? Optional.empty() : Optional.of(failedByAgent(reason, List.of(), now));
    }

    synchronized boolean serves(AgentSpec spec) {
        return serving.filter(version -> version.isOf(spec)).isPresent();
    }

    /** What does not come to its end: the check of the files, or the driver's work, which needs no file. */
    private Optional<String> hanging() {
        return work == Work.PREPARING || work == Work.RENEWING ? late : hanging;
    }

    /**
     * Whoever waits for a version that the driver does not bring to its end, nor gives up, is refused from now on. Where it comes to its end
     * after all, it serves.
     *
     * @return empty where it is in time, or was found late before
     */
    synchronized Optional<Runnable> late(Instant now) {
        if (late.isPresent() || preparingSince.filter(since -> !since.plus(LONGEST_PREPARATION).isAfter(now)).isEmpty()) {
            return Optional.empty();
        }
        late = Optional.of("The platform has worked on it for " + LONGEST_PREPARATION.toMinutes() + " minutes and is not done; its last step: "
                + preparation.reason() + " It goes on, and serves when it is ready. The server's log may say what it waits for.");
        standing = standing == Standing.REMOVED ? standing : Standing.TRIED;
        return Optional.of(serving.isEmpty() ? callers.refuse(refusal()) : NOTHING);
    }

    private void begun(Work what, Instant now) {
        work = what;
        preparingSince = Optional.of(now);
        late = Optional.empty();
    }

    private void ended() {
        work = Work.NONE;
        preparingSince = Optional.empty();
        late = Optional.empty();
    }

    synchronized Runnable hangs(Path place, Duration time) {
        if (!place.equals(config.location())) {
            return NOTHING;
        }
        hanging = Optional.of("The file system has not answered for " + time.toSeconds() + " s at " + place
                + ". The check goes on by itself as soon as it answers.");
        standing = standing == Standing.REMOVED ? standing : Standing.TRIED;
        return serving.isEmpty() && hanging().isPresent() ? callers.refuse(refusal()) : NOTHING;
    }

    /** Whether what was read is still wanted. */
    synchronized boolean endReading(AgentConfig agent) {
        boolean wanted = work == Work.READING && standing != Standing.REMOVED && reading.filter(at -> at == agent).isPresent();
        hanging = wanted ? Optional.empty() : hanging;
        return wanted;
    }

    /** The artifact that was read is the one that serves. */
    synchronized void unchanged() {
        work = Work.NONE;
        if (serving.isPresent()) {
            preparation = new Done();
        }
    }

    /** What is to be renewed now, with a use of its artifact for the caller. Empty when something else is being done. */
    synchronized Optional<Renewal> renew(Instant now) {
        if (work != Work.NONE || renewal.isEmpty()) {
            return Optional.empty();
        }
        begun(Work.RENEWING, now);
        renewal.get().artifact().retain();
        return renewal;
    }

    synchronized void preparing(Instant now) {
        begun(Work.PREPARING, now);
    }

    /** Shows what is being done; not where that is only to make a version that serves start faster. */
    synchronized void step(String step) {
        if (serving.isEmpty() || work == Work.PREPARING) {
            preparation = new Running(work == Work.RENEWING ? "The template was lost and is prepared anew: " + step : step);
        }
    }

    /** What becomes of the version, or of the one that served before it. */
    synchronized Runnable ready(AgentVersion version, Instant now) {
        boolean inVain = work == Work.RENEWING && version.boots() && serving.isPresent();
        ended();
        if (standing == Standing.REMOVED) {
            return version::retire;
        }
        if (inVain) {
            renewal = renewal.map(booted -> booted.failed(now));
            return version::retire;
        }
        Optional<AgentVersion> before = serving;
        serving = Optional.of(version);
        standing = Standing.TRIED;
        preparation = new Done();
        backoff = Renewal.FIRST;
        replaceRenewal(version.boots() ? Optional.of(Renewal.ofBooted(version, now)) : Optional.empty());
        Runnable served = callers.serve(version);
        return () -> {
            served.run();
            before.ifPresent(AgentVersion::retire);
        };
    }

    private void replaceRenewal(Optional<Renewal> next) {
        Optional<Renewal> before = renewal;
        renewal = next;
        before.ifPresent(old -> old.artifact().release());
    }

    /** Only another artifact helps. */
    synchronized Runnable failedByAgent(String reason, List<String> log, Instant now) {
        return fail(PreparationState.artifactFailed(reason, log), now);
    }

    /** It is tried again after a while. */
    synchronized Runnable failedByPlatform(String reason, Instant now) {
        Retry retry = Retry.after(backoff, now);
        backoff = backoff.next();
        return fail(PreparationState.platformFailed(reason, retry), now);
    }

    private Runnable fail(Failed failure, Instant now) {
        boolean renewed = work == Work.RENEWING;
        ended();
        if (standing == Standing.REMOVED) {
            return NOTHING;
        }
        standing = Standing.TRIED;
        if (renewed) {
            renewal = renewal.map(again -> again.failed(now));
        }
        if (!renewed || serving.isEmpty()) {
            preparation = failure;
        }
        return serving.isEmpty() ? callers.refuse(refusal()) : NOTHING;
    }

    /** Whether {@code version} served until now; it is to be renewed then. */
    synchronized boolean lost(AgentVersion version, String why, Instant now) {
        if (serving.filter(version::equals).isEmpty()) {
            return false;
        }
        serving = Optional.empty();
        replaceRenewal(Optional.of(Renewal.ofLost(version, now)));
        preparation = new Running("The template was lost (" + why + "); it is prepared anew.");
        return true;
    }

    synchronized Runnable remove() {
        standing = Standing.REMOVED;
        Optional<AgentVersion> before = serving;
        serving = Optional.empty();
        preparation = PreparationState.artifactFailed("The agent runtime was removed.", List.of());
        replaceRenewal(Optional.empty());
        Runnable refused = callers.refuse(
                new RequestException(Kind.NOT_FOUND, "Agent runtime " + config.name() + " was removed."));
        return () -> {
            refused.run();
            before.ifPresent(AgentVersion::retire);
        };
    }

    private RequestException refusal() {
        Kind fault = preparation instanceof Failed failed ? failed.fault() : Kind.PLATFORM;
        return new RequestException(hanging().isPresent() ? Kind.PLATFORM : fault, "Agent runtime " + config.name()
                + " could not be prepared: " + hanging().orElse(preparation.reason()), preparation.log());
    }
}
