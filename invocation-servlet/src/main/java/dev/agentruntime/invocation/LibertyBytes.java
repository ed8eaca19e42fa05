package dev.agentruntime.invocation;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Reads an upgraded connection by Liberty's own interface for it, over TLS too. Its {@code ReadListener} cannot be held back but by
 * holding a thread of the server's: as soon as it returns, the next byte is read, and what it has not read by then is lost.
 */
final class LibertyBytes implements CallerBytes {

    private static final String CONNECTION = "com.ibm.wsspi.tcpchannel.TCPConnectionContext";
    private static final String READ = "com.ibm.wsspi.tcpchannel.TCPReadRequestContext";
    private static final String REQUEST = "com.ibm.wsspi.tcpchannel.TCPRequestContext";
    private static final String CALLBACK = "com.ibm.wsspi.tcpchannel.TCPReadCompletedCallback";
    private static final String BUFFER = "com.ibm.wsspi.bytebuffer.WsByteBuffer";
    private static final String VIRTUAL = "com.ibm.wsspi.channelfw.VirtualConnection";
    /** Where Liberty leaves what came together with the request's head. */
    private static final String EARLY = "NotUpgradedUnreadData";
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int NO_TIMEOUT = -1;

    private final Executor executor;
    private final Object reads;
    private final Object virtual;
    private final Class<?> callbackType;
    private final Class<?> bufferType;
    private final Method read;
    private final Method allocate;
    private final Method setBuffer;
    private final Method getBuffer;
    private boolean first = true;

    private LibertyBytes(WebConnection connection, Executor executor) throws ReflectiveOperationException {
        this.executor = executor;
        Object context = connection.getClass().getMethod("getTCPConnectionContext").invoke(connection);
        virtual = connection.getClass().getMethod("getVirtualConnection").invoke(connection);
        if (context == null || virtual == null) {
            throw new NoSuchMethodException("the connection has no TCP context");
        }
        ClassLoader loader = context.getClass().getClassLoader();
        reads = loader.loadClass(CONNECTION).getMethod("getReadInterface").invoke(context);
        callbackType = loader.loadClass(CALLBACK);
        bufferType = loader.loadClass(BUFFER);
        Class<?> request = loader.loadClass(REQUEST);
        read = loader.loadClass(READ).getMethod("read", long.class, callbackType, boolean.class, int.class);
        allocate = loader.loadClass(READ).getMethod("setJITAllocateSize", int.class);
        setBuffer = request.getMethod("setBuffer", bufferType);
        getBuffer = request.getMethod("getBuffer");
    }

    /** Empty where the container does not have what this needs. */
    static Optional<CallerBytes> of(WebConnection connection, Executor executor) {
        try {
            return Optional.of(new LibertyBytes(connection, executor));
        } catch (ReflectiveOperationException | RuntimeException another) {
            InvocationMessage.NO_WEB_SOCKETS.log(another, another.toString());
            return Optional.empty();
        }
    }

    @Override
    public void next(Receiver receiver) {
        try {
            Object callback = Proxy.newProxyInstance(callbackType.getClassLoader(), new Class<?>[] {callbackType},
                    (proxy, method, arguments) -> called(receiver, proxy, method, arguments));
            if (first) {
                first = false;
                Optional<ByteBuffer> early = early();
                if (early.isPresent()) {
                    executor.execute(() -> receiver.arrived(early.get()));
                    return;
                }
            }
            setBuffer.invoke(reads, (Object) null);
            allocate.invoke(reads, BUFFER_BYTES);
            read.invoke(reads, 1L, callback, true, NO_TIMEOUT);
        } catch (ReflectiveOperationException | RuntimeException closed) {
            executor.execute(() -> receiver.left(new IOException("The caller's connection cannot be read: " + reason(closed), closed)));
        }
    }

    private Object called(Receiver receiver, Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "complete" -> complete(receiver);
            case "error" -> receiver.left((IOException) arguments[2]);
            case "equals" -> {
                return proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            default -> {
                return "reads a WebSocket";
            }
        }
        return null;
    }

    private void complete(Receiver receiver) {
        ByteBuffer bytes;
        try {
            Object buffer = getBuffer.invoke(reads);
            bufferType.getMethod("flip").invoke(buffer);
            bytes = taken(buffer);
            setBuffer.invoke(reads, (Object) null);
        } catch (ReflectiveOperationException | RuntimeException closed) {
            receiver.left(new IOException("The caller's connection cannot be read: " + reason(closed), closed));
            return;
        }
        receiver.arrived(bytes);
    }

    private Optional<ByteBuffer> early() throws ReflectiveOperationException {
        Map<?, ?> state = (Map<?, ?>) bufferType.getClassLoader().loadClass(VIRTUAL).getMethod("getStateMap").invoke(virtual);
        Object buffer = state.get(EARLY);
        if (!bufferType.isInstance(buffer)) {
            return Optional.empty();
        }
        state.remove(EARLY);
        return Optional.of(taken(buffer)).filter(ByteBuffer::hasRemaining);
    }

    private ByteBuffer taken(Object buffer) throws ReflectiveOperationException {
        byte[] bytes = new byte[(int) bufferType.getMethod("remaining").invoke(buffer)];
        bufferType.getMethod("get", byte[].class).invoke(buffer, (Object) bytes);
        bufferType.getMethod("release").invoke(buffer);
        return ByteBuffer.wrap(bytes);
    }

    private static String reason(Exception cause) {
        return cause instanceof InvocationTargetException target ? target.getCause().toString() : cause.toString();
    }
}
