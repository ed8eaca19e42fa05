package dev.agentruntime.tests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Servers on the host that agents are let reach, at the ports that overrides.xml names. */
final class Outside implements AutoCloseable {

    static final int MODEL = 19280;
    static final int ECHO = 19281;

    /** What was asked, with who asked. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    final CountDownLatch slow = new CountDownLatch(1);

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "outside");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer model;
    private final ServerSocket echo;

    Outside() {
        try {
            model = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), MODEL), 50);
            echo = new ServerSocket(ECHO, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        model.setExecutor(threads);
        model.createContext("/", this::answer);
        model.start();
        threads.execute(this::accept);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
        if (exchange.getRequestURI().getPath().endsWith("/slow")) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] body = ("outside answers " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = echo.accept();
                threads.execute(() -> echo(socket));
            }
        } catch (IOException closed) {
            // The tests are over.
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        slow.countDown();
        model.stop(0);
        echo.close();
        threads.shutdownNow();
    }
}
