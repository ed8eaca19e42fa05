package dev.agentruntime.runtime;

import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RestWatcher;
import dev.agentruntime.api.SessionProbe;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** Tells every listener; one that throws harms neither the others nor a session. */
final class Listeners {

    private static final Logger LOG = Logger.getLogger(Listeners.class.getName());

    private final List<PlatformListener> listeners = new CopyOnWriteArrayList<>();
    private final List<RestWatcher> watchers = new CopyOnWriteArrayList<>();

    Platform.Registration add(PlatformListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    Platform.Registration add(RestWatcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    void workEnded(SessionProbe session) {
        tell(watchers, watcher -> watcher.workEnded(session));
    }

    void tell(Consumer<PlatformListener> news) {
        tell(listeners, news);
    }

    private static <T> void tell(List<T> receivers, Consumer<T> news) {
        for (T receiver : receivers) {
            try {
                news.accept(receiver);
            } catch (RuntimeException e) {
                Message.LISTENER_FAILED.log(LOG, e, e.toString());
            }
        }
    }
}
