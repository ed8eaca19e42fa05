package dev.agentruntime.sdk;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One deployed agent: what is made when its application starts and undone, in reverse, when it stops. */
final class AgentApplication implements ServletContextListener {

    private static final Logger LOG = System.getLogger(AgentApplication.class.getName());

    private final Entrypoint entrypoint;
    private final List<Class<?>> annotated;
    private final TaskRegistry tasks = new TaskRegistry(Clock.systemUTC());
    private final String sessionId = "no-platform-" + UUID.randomUUID();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private volatile Running running;

    private record Running(Json json, AgentInstance instance) {
    }

    AgentApplication(Collection<Class<?>> annotated) {
        this.annotated = List.copyOf(annotated);
        this.entrypoint = Entrypoint.among(annotated);
    }

    Entrypoint entrypoint() {
        return entrypoint;
    }

    TaskRegistry tasks() {
        return tasks;
    }

    /** The session of requests that name none. */
    String sessionId() {
        return sessionId;
    }

    Json json() {
        return running.json();
    }

    Object instance() {
        return running.instance().get();
    }

    // Not earlier: CDI is there from now on.
    @Override
    public void contextInitialized(ServletContextEvent event) {
        try {
            Json json = opened(entrypoint.takesDocuments() ? Json.withDocuments() : Json.create());
            AgentInstance instance = opened(AgentInstance.of(entrypoint.owner()));
            if (entrypoint.isEarly() && Cdi.isOnClassPath()) {
                Cdi.makeBeansOf(entrypoint.owner());
            }
            Hooks hooks = Hooks.of(annotated, type -> type == entrypoint.owner()
                    ? Optional.of(instance.get())
                    : hookBean(type));
            if (!hooks.isEmpty()) {
                opened(HooksRegistration.of(hooks));
            }
            running = new Running(json, instance);
        } catch (RuntimeException e) {
            closeAll();
            LOG.log(Level.ERROR, "The agent " + entrypoint + " cannot start: " + Errors.message(Errors.origin(e)), e);
            throw e;
        }
        LOG.log(Level.INFO, "Agent ready: POST {0}/invocations calls {1}",
                event.getServletContext().getContextPath(), entrypoint);
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        closeAll();
    }

    private Optional<Object> hookBean(Class<?> type) {
        return Cdi.isOnClassPath() ? Cdi.bean(type).map(this::opened).map(AgentInstance::get) : Optional.empty();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private void closeAll() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "Something of the agent could not be closed: " + Errors.message(e), e);
            }
        }
    }
}
