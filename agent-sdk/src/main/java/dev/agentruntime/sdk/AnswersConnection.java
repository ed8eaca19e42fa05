package dev.agentruntime.sdk;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.Socket;

/**
 * The connection on which an answer goes. Servlets have no way to it, and Open Liberty ends an answer that fails half-way as if it
 * were whole: this walks down Liberty's own public methods. On another container there is nothing to be had.
 */
final class AnswersConnection {

    /** Below HTTP there is TCP, or TLS and then TCP. */
    private static final int MOST_LAYERS = 4;

    private AnswersConnection() {
    }

    /** Closes it, so that what was sent cannot be taken for the whole. One of HTTP/2, which carries other answers, is left alone. */
    static void cut(ServletRequest request) {
        if (!request.getProtocol().startsWith("HTTP/1")) {
            return;
        }
        try {
            Object link = call(call(call(unwrapped(request), "getIRequest"), "getHttpInboundConnection"), "getHttpInboundDeviceLink");
            for (int layer = 0; layer < MOST_LAYERS; layer++) {
                try {
                    ((Socket) call(call(link, "getSocketIOChannel"), "getSocket")).close();
                    return;
                } catch (NoSuchMethodException notTcp) {
                    link = call(link, "getDeviceLink");
                }
            }
        } catch (ReflectiveOperationException | ClassCastException | IOException notLiberty) {
            // Another container has a way of its own: it sees the failure.
        }
    }

    private static Object unwrapped(ServletRequest request) {
        ServletRequest own = request;
        while (own instanceof ServletRequestWrapper wrapper) {
            own = wrapper.getRequest();
        }
        return own;
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        if (target == null) {
            throw new NoSuchMethodException(method);
        }
        try {
            return target.getClass().getMethod(method).invoke(target);
        } catch (InvocationTargetException e) {
            throw new ReflectiveOperationException(method + " failed: " + e.getCause(), e);
        }
    }
}
