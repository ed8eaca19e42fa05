package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Speaks HTTP/1.1 to agents in guests. Adds nothing to a request and interprets nothing of an answer. Thread-safe. */
final class AgentClient implements AutoCloseable {

    /** Of the 64 streams that a VM's link carries, some are for the platform's own requests. */
    private static final int MOST_CONNECTIONS = 60;
    private static final Duration FORGET_AFTER = Duration.ofSeconds(10);

    private final HttpClient client;

    AgentClient() {
        this(FORGET_AFTER);
    }

    /** @param forgetAfter how long a VM is remembered when there is no connection to it any more */
    AgentClient(Duration forgetAfter) {
        client = new HttpClient(new HttpClientTransportOverHTTP(1));
        QueuedThreadPool threads = new QueuedThreadPool(64, 2);
        threads.setName("agent-invocation");
        threads.setDaemon(true);
        client.setExecutor(threads);
        client.setFollowRedirects(false);
        client.setUserAgentField(null);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setUseInputDirectByteBuffers(false);
        client.setUseOutputDirectByteBuffers(false);
        // An agent may be silent for as long as its work takes; only the first byte has a limit. Nor does a guest's server ever
        // close a connection at rest, so none is met at the moment of its end.
        client.setIdleTimeout(0);
        client.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
        client.setDestinationIdleTimeout(forgetAfter.toMillis());
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP client for agents did not start: " + e.getMessage(), e);
        }
        client.getContentDecoderFactories().clear();
        client.getProtocolHandlers().remove(RedirectProtocolHandler.NAME);
        client.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
        client.getProtocolHandlers().remove(ProxyAuthenticationProtocolHandler.NAME);
    }

    /**
     * A POST to the agent's entry point, over a connection that is at rest or a new one.
     *
     * @param vm a name that no other VM has
     */
    Request post(String vm, Supplier<GuestStream> guest) {
        return client.newRequest("http://localhost:8080/invocations")
                .method(HttpMethod.POST)
                .transport(new GuestTransport(client, vm, guest));
    }

    /**
     * Sends; fails the request with a TimeoutException when no head of an answer has come within {@code firstByte} after
     * the last byte of the request went out.
     */
    void send(Request request, Duration firstByte, Response.CompleteListener done) {
        FirstByteLimit limit = new FirstByteLimit(request, client.getScheduler(), firstByte);
        request.onRequestContent((sent, bytes) -> limit.progress());
        request.onResponseBegin(response -> limit.met());
        limit.watch();
        request.send(result -> {
            limit.met();
            done.onComplete(result);
        });
    }

    /** How many VMs the client knows at the moment. */
    int destinations() {
        return client.getDestinations().size();
    }

    Executor executor() {
        return client.getExecutor();
    }

    ByteBufferPool buffers() {
        return client.getByteBufferPool();
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP client for agents did not stop: " + e.getMessage(), e);
        }
    }
}
