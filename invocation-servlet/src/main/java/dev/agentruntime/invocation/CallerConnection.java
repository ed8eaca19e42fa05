package dev.agentruntime.invocation;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.Socket;
import java.util.Optional;

/**
 * The connection that a request came on. Servlets have no way to it, so this walks down Liberty's own public methods; on
 * another container, or where Liberty has changed, there is nothing to be had.
 */
final class CallerConnection {

    private CallerConnection() {}

    /**
     * Closes it at once, so that what was sent cannot be taken for the whole. A connection of HTTP/2 carries other requests
     * and is left alone.
     *
     * @return whether it was closed
     */
    static boolean cut(HttpServletRequest request) {
        if (!request.getProtocol().startsWith("HTTP/1")) {
            return false;
        }
        Optional<Socket> socket = socket(request);
        try {
            if (socket.isPresent()) {
                socket.get().close();
            }
            return socket.isPresent();
        } catch (IOException notEvenClosed) {
            return false;
        }
    }

    /** The socket, which is Liberty's: it may be looked at, and closed. */
    static Optional<Socket> socket(HttpServletRequest request) {
        try {
            return below(request);
        } catch (ReflectiveOperationException | ClassCastException notLiberty) {
            return Optional.empty();
        }
    }

    /** Whether the container decodes a body before the servlet reads it; Liberty does unless it is told not to. */
    static boolean decodes(HttpServletRequest request) {
        try {
            Object config = call(call(call(dispatcher(request), "getHttpInboundLink2"), "getHTTPContext"), "getHttpConfig");
            return (boolean) call(config, "isAutoDecompressionEnabled");
        } catch (ReflectiveOperationException | ClassCastException notLiberty) {
            return true;
        }
    }

    private static Optional<Socket> below(HttpServletRequest request) throws ReflectiveOperationException {
        // Below HTTP there is TCP, or TLS and then TCP.
        Object link = call(dispatcher(request), "getHttpInboundDeviceLink");
        for (int depth = 0; depth < 4 && link != null; depth++) {
            try {
                return Optional.of((Socket) call(call(link, "getSocketIOChannel"), "getSocket"));
            } catch (NoSuchMethodException notTcp) {
                link = call(link, "getDeviceLink");
            }
        }
        return Optional.empty();
    }

    private static Object dispatcher(HttpServletRequest request) throws ReflectiveOperationException {
        ServletRequest own = request;
        while (own instanceof ServletRequestWrapper wrapper) {
            own = wrapper.getRequest();
        }
        return call(call(own, "getIRequest"), "getHttpInboundConnection");
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
