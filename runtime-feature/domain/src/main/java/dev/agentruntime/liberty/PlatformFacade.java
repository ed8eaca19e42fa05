package dev.agentruntime.liberty;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The platform that is published, for the component's whole life: front doors and checks look it up once and keep it. It
 * forwards to the platform of the moment. Listeners and watchers are registered with each platform that follows.
 */
final class PlatformFacade implements Platform {

    /** A listener or a watcher: how it is registered with a platform, and where it is registered now. */
    private static final class Guest {
        private final Function<Platform, Registration> register;
        private Registration registration;

        Guest(Function<Platform, Registration> register, Platform platform) {
            this.register = register;
            this.registration = register.apply(platform);
        }
    }

    private final Set<Guest> guests = new LinkedHashSet<>();
    private volatile Platform current;

    PlatformFacade(Platform first) {
        this.current = first;
    }

    /**
     * Forwards to {@code next} from now on. The platform before goes on telling its listeners what it still does, such as the ends
     * of its sessions.
     */
    synchronized void replace(Platform next) {
        guests.forEach(guest -> guest.registration = guest.register.apply(next));
        current = next;
    }

    @Override
    public Registration listen(PlatformListener listener) {
        return keep(platform -> platform.listen(listener));
    }

    @Override
    public Registration watchRest(RestWatcher watcher) {
        return keep(platform -> platform.watchRest(watcher));
    }

    private synchronized Registration keep(Function<Platform, Registration> register) {
        Guest guest = new Guest(register, current);
        guests.add(guest);
        return () -> leave(guest);
    }

    private synchronized void leave(Guest guest) {
        guests.remove(guest);
        guest.registration.close();
    }

    @Override
    public List<AgentRuntimeView> runtimes() {
        return current.runtimes();
    }

    @Override
    public AgentRuntimeView runtime(String name) {
        return current.runtime(name);
    }

    @Override
    public String meant(String given) {
        return current.meant(given);
    }

    @Override
    public void count(Caller caller) {
        current.count(caller);
    }

    @Override
    public void credentialRead(CredentialRead read) {
        current.credentialRead(read);
    }

    @Override
    public CompletionStage<Invocation> invoke(InvocationRequest request) {
        return current.invoke(request);
    }

    @Override
    public List<SessionView> sessions(String runtime, Caller caller) {
        return current.sessions(runtime, caller);
    }

    @Override
    public SessionView session(String runtime, String sessionId, Caller caller) {
        return current.session(runtime, sessionId, caller);
    }

    @Override
    public CompletionStage<SessionView> stop(String runtime, String sessionId, Caller caller) {
        return current.stop(runtime, sessionId, caller);
    }

    @Override
    public CompletionStage<List<SessionView>> fork(String runtime, String sessionId, Caller caller, int count) {
        return current.fork(runtime, sessionId, caller, count);
    }

    @Override
    public CompletionStage<SessionView> hibernate(String runtime, String sessionId, Caller caller) {
        return current.hibernate(runtime, sessionId, caller);
    }

    @Override
    public SessionView changeIdleTimeout(String runtime, String sessionId, Caller caller, Duration idleTimeout) {
        return current.changeIdleTimeout(runtime, sessionId, caller, idleTimeout);
    }

    @Override
    public List<SessionProbe> probes() {
        return current.probes();
    }

    @Override
    public PingPolicy pingPolicy() {
        return current.pingPolicy();
    }

    @Override
    public String tenantClaim() {
        return current.tenantClaim();
    }

    @Override
    public PlatformStatus status() {
        return current.status();
    }
}
