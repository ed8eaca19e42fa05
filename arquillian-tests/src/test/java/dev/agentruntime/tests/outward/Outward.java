package dev.agentruntime.tests.outward;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * Has the agent whose WAR carries it go out of its guest: a body of the type {@code text/x-outward} is an order, such as
 * {@code get URL}. Runs in the guest, so it uses nothing of this module.
 */
@WebFilter("/invocations")
public final class Outward extends HttpFilter {

    private static final Proxy PROXY = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 3128));

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException, ServletException {
        if (!String.valueOf(request.getContentType()).startsWith("text/x-outward")) {
            chain.doFilter(request, response);
            return;
        }
        String[] order = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ");
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().print(switch (order[0]) {
            case "get" -> get(order[1], false);
            case "proxy" -> get(order[1], true);
            case "later" -> later(order[1]);
            case "token" -> key(request.getHeader("WorkloadAccessToken"), order[1]);
            case "tcp" -> tcp(order[1], Integer.parseInt(order[2]), order[3]);
            default -> throw new ServletException("no such order");
        });
    }

    /** Asks the host for an API key. */
    private static String key(String token, String provider) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://agent-identity.outbound/identities/api-key").toURL().openConnection(PROXY);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.getOutputStream().write(("{\"workloadIdentityToken\": \"" + token + "\", \"resourceCredentialProviderName\": \"" + provider + "\"}")
                .getBytes(StandardCharsets.UTF_8));
        return answer(connection);
    }

    private static String get(String url, boolean asksProxy) throws IOException {
        return answer((HttpURLConnection) (asksProxy ? URI.create(url).toURL().openConnection(PROXY) : URI.create(url).toURL().openConnection()));
    }

    private static String answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return status + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Asks when the request is over, and nobody in the guest says that it is busy. */
    private static String later(String url) {
        CompletableFuture.runAsync(() -> {
            try {
                get(url, false);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return "begun";
    }

    private static String tcp(String host, int port, String text) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
