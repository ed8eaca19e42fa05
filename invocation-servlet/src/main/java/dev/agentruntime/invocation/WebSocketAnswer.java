package dev.agentruntime.invocation;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The answer to a request for a WebSocket. Liberty takes a connection over soundly only from the thread of the servlet: after an
 * asynchronous request it has begun to read the next one. So that thread waits, of which there are so many at once.
 */
final class WebSocketAnswer {

    /** For a session to begin and its guest to accept. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Requests whose answer is waited for. */
    static final class Waiting {
        static final int MOST = 32;
        static final int MOST_OF_ONE = 8;

        private final Semaphore all = new Semaphore(MOST);
        private final Shares<Subject> subjects = new Shares<>(MOST_OF_ONE);

        void enter(Subject subject) {
            if (!all.tryAcquire()) {
                throw tooMany(MOST + " WebSockets are being opened, as many as may be at once");
            }
            if (!subjects.take(subject)) {
                all.release();
                throw tooMany("You open " + MOST_OF_ONE + " WebSockets already, as many as one may at once");
            }
        }

        void leave(Subject subject) {
            subjects.giveBack(subject);
            all.release();
        }

        private static RequestException tooMany(String what) {
            return new RequestException(Kind.THROTTLED, what + "; try again in a moment");
        }
    }

    /** Gives the answer, on the servlet's thread. */
    private interface Giving {
        void give() throws IOException, ServletException;
    }

    /** There is nobody any more to be answered, or another answer is given. */
    private static final Giving NONE = () -> { };

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Executor executor;
    private final CallerWatch callers;
    private final CompletableFuture<Giving> giving = new CompletableFuture<>();

    /** @param callers notices that the caller leaves, before and after */
    WebSocketAnswer(HttpServletRequest request, HttpServletResponse response, Executor executor, CallerWatch callers) {
        this.request = request;
        this.response = response;
        this.executor = executor;
        this.callers = callers;
    }

    /** Waits until it is known, and gives it; waits for nothing more when the caller leaves. */
    void await() throws IOException {
        try (CallerWatch.Watching watching = callers.watch(request, () -> giving.complete(NONE))) {
            giving.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).give();
        } catch (TimeoutException late) {
            if (giving.complete(NONE)) {
                throw new RequestException(Kind.RETRYABLE_CONFLICT, "The session did not begin within " + PATIENCE.toSeconds() + " s. Ask again.", late);
            }
            await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while a WebSocket was being opened").initCause(e);
        } catch (ExecutionException | ServletException e) {
            throw new IOException(e);
        }
    }

    /** There will be no WebSocket. */
    void refuse(Refusal refusal) {
        giving.complete(() -> Answers.refuse(response, refusal));
    }

    /** The connection is a WebSocket from here on, and {@code relay} has it. */
    void accept(WebSocketHandshake handshake, Optional<String> protocol, Invocation found, WebSocketRelay relay) {
        if (!giving.complete(() -> upgrade(handshake, protocol, found, relay))) {
            relay.gone();
        }
    }

    private void upgrade(WebSocketHandshake handshake, Optional<String> protocol, Invocation found, WebSocketRelay relay)
            throws IOException, ServletException {
        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
        response.setHeader("Upgrade", "websocket");
        response.setHeader("Connection", "Upgrade");
        response.setHeader("Sec-WebSocket-Accept", handshake.accept());
        protocol.or(() -> Optional.of(WebSocketHandshake.BEARER).filter(bearer -> handshake.byToken()))
                .ifPresent(chosen -> response.setHeader(WebSocketHandshake.PROTOCOL, chosen));
        response.setHeader(Headers.SESSION_ID, found.sessionId());
        response.setHeader(Headers.REQUEST_ID, found.requestId());
        response.setHeader(Headers.SESSION_ORIGIN, found.origin().name().toLowerCase(Locale.ROOT));
        Optional<Socket> socket = CallerConnection.socket(request);
        socket.ifPresent(KeepAlive::on);
        try {
            request.upgrade(Upgraded.class).to(connection -> open(relay, connection, socket), relay::gone);
        } catch (IOException | ServletException | RuntimeException notUpgraded) {
            relay.gone();
            throw notUpgraded;
        }
    }

    private void open(WebSocketRelay relay, WebConnection connection, Optional<Socket> socket) {
        try {
            ServletOutputStream out = connection.getOutputStream();
            Optional<CallerBytes> bytes = LibertyBytes.of(connection, executor);
            relay.open(bytes.orElse(receiver -> { }), out, CallerLine.of(socket, connection),
                    socket.map(open -> callers.watch(open, relay::callerEnded)).orElse(() -> { }));
            if (bytes.isEmpty()) {
                relay.stop(WebSocketClose.SERVER_ERROR, "This server cannot read WebSockets; its log says why");
            }
        } catch (IOException | RuntimeException gone) {
            relay.gone();
        }
    }
}
