package dev.agentruntime.tests.flood;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** An agent that floods its way out for as long as it is told: {@code "streams 20"}, {@code "bytes 20"}; or computes: {@code "burn 20"}. */
@WebServlet(urlPatterns = {"/ping", "/invocations"}, loadOnStartup = 1)
public final class Flooder extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final int THREADS = 32;

    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReference<String> words = new AtomicReference<>("");

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getWriter().print("{\"status\": \"Healthy\"}");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String[] order = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replace("\"", "").split(" ");
        long end = System.nanoTime() + Long.parseLong(order[1]) * 1_000_000_000L;
        AtomicBoolean going = new AtomicBoolean(true);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                while (going.get() && System.nanoTime() < end) {
                    flood(order[0], end);
                }
            });
            thread.start();
            threads.add(thread);
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            going.set(false);
        }
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().print(streams.getAndSet(0) + " streams, " + refused.getAndSet(0) + " refused, " + (bytes.getAndSet(0) >> 20)
                + " MiB; " + words.get());
    }

    private void flood(String kind, long end) {
        try {
            switch (kind) {
                case "streams" -> stream();
                case "bytes" -> bytes(end);
                default -> Math.sqrt(System.nanoTime());
            }
        } catch (IOException e) {
            refused.incrementAndGet();
        }
    }

    /** A connection for raw bytes, and a request whose refusal has words. */
    private void stream() throws IOException {
        streams.incrementAndGet();
        try (Socket socket = new Socket("sink.outbound", 7000)) {
            socket.getOutputStream().write(1);
        }
        streams.incrementAndGet();
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://web.outbound/").toURL().openConnection();
        connection.setReadTimeout(5_000);
        if (connection.getResponseCode() == 200) {
            connection.getInputStream().readAllBytes();
        } else {
            refused.incrementAndGet();
            try (InputStream error = connection.getErrorStream()) {
                words.set(connection.getResponseCode() + " " + new String(error.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    private void bytes(long end) throws IOException {
        byte[] block = new byte[64 * 1024];
        streams.incrementAndGet();
        try (Socket socket = new Socket("sink.outbound", 7000)) {
            while (System.nanoTime() < end) {
                socket.getOutputStream().write(block);
                bytes.addAndGet(block.length);
            }
        }
    }
}
