package dev.agentruntime.invocation;

import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.util.function.Consumer;

/** Hands over a connection that is HTTP's no more. The container makes it. */
public final class Upgraded implements HttpUpgradeHandler {

    private volatile Consumer<WebConnection> then = connection -> { };
    private volatile Runnable closed = () -> { };

    /** Creates the handler; the container does. */
    public Upgraded() {}

    /**
     * Called before the container calls anything.
     *
     * @param then   gets the connection
     * @param closed runs when that is closed
     */
    void to(Consumer<WebConnection> then, Runnable closed) {
        this.then = then;
        this.closed = closed;
    }

    @Override
    public void init(WebConnection connection) {
        then.accept(connection);
    }

    @Override
    public void destroy() {
        closed.run();
    }
}
