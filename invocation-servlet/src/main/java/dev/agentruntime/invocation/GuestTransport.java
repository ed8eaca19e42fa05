package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;

/**
 * Connects Jetty's client to one guest. Jetty keeps connections by transport, and two of these are equal when they lead to the
 * same VM: a session's invocations find a connection that an earlier one has left, and never one to another VM.
 */
final class GuestTransport implements Transport {

    private final HttpClient client;
    private final String vm;
    private final Supplier<GuestStream> guest;

    /** @param vm a name that no other VM has */
    GuestTransport(HttpClient client, String vm, Supplier<GuestStream> guest) {
        this.client = client;
        this.vm = vm;
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

    @Override
    public boolean equals(Object other) {
        return other instanceof GuestTransport transport && vm.equals(transport.vm);
    }

    @Override
    public int hashCode() {
        return vm.hashCode();
    }

    @Override
    public String toString() {
        return vm;
    }
}
