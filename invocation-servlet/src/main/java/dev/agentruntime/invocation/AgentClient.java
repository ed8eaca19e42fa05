package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Speaks HTTP/1.1 to agents in guests, which are hostile until proven otherwise. Adds nothing to a request and interprets
 * nothing of an answer. Thread-safe.
 *
 * <p>Every default of Jetty's client that a guest could lean on is set here on purpose:
 * <table>
 * <caption>What bounds a guest's answer</caption>
 * <tr><th>part</th><th>bound</th></tr>
 * <tr><td>status line with its reason, header fields, chunk extensions and trailers together</td><td>{@link #MOST_HEAD_BYTES}; Jetty has none</td></tr>
 * <tr><td>interim answers (1xx)</td><td>{@link InterimAnswers#MOST}; 101 ends the exchange</td></tr>
 * <tr><td>time to the head</td><td>what {@link #send} is told; after it an agent may be silent, so no idle timeout</td></tr>
 * <tr><td>body</td><td>one buffer of {@link #BUFFER_BYTES} at a time, read when the caller has taken the one before</td></tr>
 * <tr><td>content codings, redirects, 401 and 407, cookies, upgrades</td><td>not interpreted</td></tr>
 * <tr><td>syntax</td><td>RFC 9110, so no folded lines and no HTTP/0.9</td></tr>
 * </table>
 */
final class AgentClient implements AutoCloseable {

    /** For all that Jetty has to keep of an answer; an agent's servers send 8 KiB at most unless told otherwise. */
    static final int MOST_HEAD_BYTES = 32 * 1024;
    /** What a caller may have passed on, and what the platform adds: a subject of any language, encoded, is nine times its length. */
    private static final int MOST_REQUEST_HEAD_BYTES = RequestHead.MOST_IN_ALL + 32 * 1024;
    static final int BUFFER_BYTES = 16 * 1024;
    /** Of the 96 streams that a VM's link carries, 32 are for WebSockets and commands, and some for the platform's own requests. */
    private static final int MOST_CONNECTIONS = 60;
    /** Requests of one VM that wait for a connection; one more is refused. */
    static final int MOST_WAITING = 1024;
    private static final int MOST_THREADS = 64;
    private static final Duration FORGET_AFTER = Duration.ofSeconds(10);

    private final HttpClient client;

    AgentClient() {
        this(FORGET_AFTER);
    }

    /** @param forgetAfter how long a VM is remembered when there is no connection to it any more */
    AgentClient(Duration forgetAfter) {
        client = new HttpClient(new HttpClientTransportOverHTTP(1));
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2);
        threads.setName("agent-invocation");
        threads.setDaemon(true);
        client.setExecutor(threads);
        boundAnswers();
        addNothingToRequests();
        client.setUseInputDirectByteBuffers(false);
        client.setUseOutputDirectByteBuffers(false);
        // A guest's server never closes a connection at rest, so none is met at the moment of its end.
        client.setIdleTimeout(0);
        client.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
        client.setMaxRequestsQueuedPerDestination(MOST_WAITING);
        client.setDestinationIdleTimeout(forgetAfter.toMillis());
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP client for agents did not start: " + e.getMessage(), e);
        }
        interpretNothing();
    }

    private void boundAnswers() {
        client.setMaxResponseHeadersSize(MOST_HEAD_BYTES);
        client.setResponseBufferSize(BUFFER_BYTES);
        client.setHttpCompliance(HttpCompliance.RFC9110);
    }

    private void addNothingToRequests() {
        client.setRequestBufferSize(BUFFER_BYTES);
        client.setMaxRequestHeadersSize(MOST_REQUEST_HEAD_BYTES);
        client.setUserAgentField(null);
        client.setDefaultRequestContentType(null);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
    }

    /** The client fills these in while it starts. */
    private void interpretNothing() {
        client.setFollowRedirects(false);
        client.getContentDecoderFactories().clear();
        client.getProtocolHandlers().clear();
        client.getProtocolHandlers().put(new InterimAnswers());
    }

    /**
     * A request to the agent, over a connection that is at rest or a new one.
     *
     * @param vm   a name that no other VM has
     * @param path where the agent takes it
     */
    Request request(String method, String vm, String path, Supplier<GuestStream> guest) {
        return client.newRequest("http://localhost:8080" + path)
                .method(method)
                .transport(new GuestTransport(client, vm, guest));
    }

    /**
     * Sends; fails the request with a TimeoutException when no head of a success, or not all of an error answer, has come
     * within {@code firstByte} after the last byte of the request went out.
     */
    void send(Request request, Duration firstByte, Response.CompleteListener done) {
        FirstByteLimit limit = new FirstByteLimit(request, client.getScheduler(), firstByte);
        request.onRequestContent((sent, bytes) -> limit.progress());
        request.onResponseBegin(AgentClient::refuseUpgrade);
        request.onResponseHeaders(response -> {
            if (HttpStatus.isSuccess(response.getStatus())) {
                limit.met();
            }
        });
        limit.watch();
        request.send(result -> {
            limit.met();
            done.onComplete(result);
        });
    }

    private static void refuseUpgrade(Response response) {
        if (response.getStatus() < 200) {
            response.getRequest().abort(new ProtocolException("it sent status " + response.getStatus() + ", which was not asked for"));
        }
    }

    /** Runs {@code task} on a thread of the client's, which it must not hold, unless what this returns has run before. */
    Runnable later(Duration after, Runnable task) {
        return client.getScheduler().schedule(task, after.toNanos(), TimeUnit.NANOSECONDS)::cancel;
    }

    /** How many VMs the client knows at the moment. */
    int destinations() {
        return client.getDestinations().size();
    }

    /** Whether requests may be sent: a client that is closed refuses them, too. */
    boolean isRunning() {
        return client.isRunning();
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
