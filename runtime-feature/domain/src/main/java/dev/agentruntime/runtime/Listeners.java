package dev.agentruntime.runtime;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** Tells every listener; one that throws harms neither the others nor a session. */
final class Listeners {

    private static final Logger LOG = Logger.getLogger(Listeners.class.getName());

    private final List<RuntimeListener> listeners = new CopyOnWriteArrayList<>();

    AgentRuntimes.Registration add(RuntimeListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void tell(Consumer<RuntimeListener> news) {
        for (RuntimeListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                Message.LISTENER_FAILED.log(LOG, e, e.toString());
            }
        }
    }
}
