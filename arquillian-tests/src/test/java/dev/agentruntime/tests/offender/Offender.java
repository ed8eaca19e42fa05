package dev.agentruntime.tests.offender;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An agent that does harm to its guest for as many seconds as it is told, such as {@code "fork 20"}: {@code fork} processes without end,
 * {@code memory} that it never gives back, {@code channel}, an answer without end, {@code log}, lines without end, or {@code burn}. Or that
 * keeps what it is told: {@code "remember WORD"}.
 */
@WebServlet(urlPatterns = {"/ping", "/invocations"}, loadOnStartup = 1)
public final class Offender extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final List<Object> KEPT = new ArrayList<>();
    private static final int BLOCK = 64 * 1024;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getWriter().print("{\"status\": \"Healthy\"}");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String[] order = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replace("\"", "").split(" ");
        if (order[0].equals("remember")) {
            remember(order[1]);
        } else {
            long end = System.nanoTime() + Long.parseLong(order[1]) * 1_000_000_000L;
            switch (order[0]) {
                case "fork" -> fork(end);
                case "memory" -> memory(end);
                case "channel" -> channel(end, response);
                case "log" -> log(end);
                default -> burn(end);
            }
        }
        response.getOutputStream().print("done");
    }

    private static synchronized void remember(String word) throws IOException {
        KEPT.add(word + " in the heap");
        Files.writeString(Path.of("/tmp", "kept"), word + " in a file\n");
    }

    /** A shell whose children are two of the same. */
    private static void fork(long end) throws IOException {
        new ProcessBuilder("/bin/sh", "-c", "f() { f & f & }; f; sleep 60").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        burn(end);
    }

    /** In files, which are memory here, so that no bound of the JVM's helps. */
    private static void memory(long end) throws IOException {
        byte[] block = new byte[BLOCK];
        Path file = Path.of("/tmp", "hoard");
        try (OutputStream out = Files.newOutputStream(file)) {
            while (System.nanoTime() < end) {
                ThreadLocalRandom.current().nextBytes(block);
                out.write(block);
            }
        }
    }

    private static void channel(long end, HttpServletResponse response) throws IOException {
        byte[] block = new byte[BLOCK];
        while (System.nanoTime() < end) {
            response.getOutputStream().write(block);
        }
    }

    private static void log(long end) {
        PrintStream out = System.out;
        String line = "x".repeat(200);
        while (System.nanoTime() < end) {
            out.println(line);
        }
    }

    private static void burn(long end) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                while (System.nanoTime() < end) {
                    Math.sqrt(System.nanoTime());
                }
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
