package dev.agentruntime.invocation;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;

/**
 * The connection that a request came on. Servlets have no way to it, so this walks down Liberty's own public methods; on
 * another container, or where Liberty has changed, there is nothing to be had.
 */
final class CallerConnection {

    /** Of Liberty's channel for HTTP/2: INTERNAL_ERROR. */
    private static final String STREAM_ERROR = "com.ibm.ws.http.channel.h2internal.exceptions.InternalException";

    private CallerConnection() {}

    /**
     * Ends an answer that has begun so that what was sent cannot be taken for the whole: closes a connection of HTTP/1.1, and
     * resets the stream of HTTP/2, whose connection carries other requests. The latter may wait for a caller that reads nothing.
     *
     * @return whether that could be done
     */
    static boolean breakOff(HttpServletRequest request) {
        return cut(request) || reset(request);
    }

    /**
     * Closes it at once. A connection of HTTP/2 is left alone.
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

    /**
     * Liberty ends the stream of an answer that has begun when the answer is completed, and resets it when its link is closed with
     * an error of the stream.
     */
    private static boolean reset(HttpServletRequest request) {
        if (!request.getProtocol().startsWith("HTTP/2")) {
            return false;
        }
        try {
            Object link = call(dispatcher(request), "getHttpInboundLink2");
            Class<?> error = link.getClass().getClassLoader().loadClass(STREAM_ERROR);
            Object cause = error.getConstructor(String.class).newInstance("the answer broke off");
            error.getMethod("setConnectionError", boolean.class).invoke(cause, false);
            Method close = Arrays.stream(link.getClass().getMethods())
                    .filter(method -> method.getName().equals("close") && method.getParameterCount() == 2).findFirst()
                    .orElseThrow(() -> new NoSuchMethodException("close"));
            close.invoke(link, call(link, "getVirtualConnection"), cause);
            return true;
        } catch (ReflectiveOperationException | RuntimeException notLiberty) {
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

    /**
     * Sets a header of the request's as if the caller had sent it, for the container to see; where the container is another, it does not.
     */
    static void setHeader(HttpServletRequest request, String name, String value) {
        try {
            Object message = call(call(call(dispatcher(request), "getHttpInboundLink2"), "getHTTPContext"), "getRequest");
            message.getClass().getMethod("setHeader", String.class, String.class).invoke(message, name, value);
        } catch (ReflectiveOperationException | RuntimeException notLiberty) {
            // The container finds no token then, and asks for one.
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
