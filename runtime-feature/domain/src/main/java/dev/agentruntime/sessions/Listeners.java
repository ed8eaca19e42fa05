package dev.agentruntime.sessions;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** Tells every listener; one that throws harms neither the others nor a session. */
public final class Listeners {

    private static final Logger LOG = Logger.getLogger(Listeners.class.getName());

    private final List<PlatformListener> listeners = new CopyOnWriteArrayList<>();
    private final List<RestWatcher> watchers = new CopyOnWriteArrayList<>();

    /** Tells {@code listener} of everything from now on. */
    public Platform.Registration add(PlatformListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Tells {@code watcher} of every session at rest from now on. */
    public Platform.Registration add(RestWatcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    void workEnded(SessionProbe session) {
        tell(watchers, watcher -> watcher.workEnded(session));
    }

    /** Passes {@code news} to every listener. */
    public void tell(Consumer<PlatformListener> news) {
        tell(listeners, news);
    }

    private static <T> void tell(List<T> receivers, Consumer<T> news) {
        for (T receiver : receivers) {
            try {
                news.accept(receiver);
            } catch (RuntimeException | Error e) {
                SessionMessage.LISTENER_FAILED.log(LOG, e, e.toString());
            }
        }
    }
}
