package dev.agentruntime.invocation;

import dev.agentruntime.runtime.spi.GuestStream;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;

/**
 * Connects Jetty's client to one guest. Each invocation has its own, and so its own connection: Jetty pools by transport,
 * these are equal only to themselves, and opening a stream costs one frame. A connection that is never used twice is never
 * found closed by the agent in the moment of its second use.
 */
final class GuestTransport implements Transport {

    private final HttpClient client;
    private final Supplier<GuestStream> guest;

    GuestTransport(HttpClient client, Supplier<GuestStream> guest) {
        this.client = client;
        this.guest = guest;
    }

    @Override
    public void connect(SocketAddress unused, Map<String, Object> context) {
        Promise<?> promise = (Promise<?>) context.get(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY);
        try {
            GuestEndPoint endPoint = new GuestEndPoint(guest.get(), client.getScheduler(), client.getExecutor());
            Connection connection = newConnection(endPoint, context);
            endPoint.setConnection(connection);
            endPoint.onOpen();
            connection.onOpen();
        } catch (Exception e) {
            promise.failed(e);
        }
    }
}
