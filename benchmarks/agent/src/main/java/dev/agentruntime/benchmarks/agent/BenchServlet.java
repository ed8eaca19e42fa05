package dev.agentruntime.benchmarks.agent;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.Zeros;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Obeys the order in the request's header: {@code echo} the body, {@code sink} it and count, be the {@code source} of so many
 * bytes, send so many {@code events} at a pace, {@code print} so many lines at a pace, {@code say} one word, {@code flood} the log with so
 * many bytes in lines of a length, {@code chatter} in such lines for so many milliseconds, {@code spin} without a word for so many, tell
 * the {@code clock}, {@code draw} random numbers; or have one of these done by itself over the loopback interface ({@code loop …}) or by
 * the host's application ({@code out …}) and say how long it took.
 */
@WebServlet(urlPatterns = "/invocations", loadOnStartup = 1)
public class BenchServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    /** Draws once, so that every random stream's state is in the template that sessions are cloned from. */
    @Override
    public void init() {
        log("drew " + Draws.now().line());
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String order = request.getHeader(Exchanges.ORDER);
        String[] words = (order == null ? "echo" : order).split(" ");
        switch (words[0]) {
            case "echo" -> echo(request, response);
            case "sink" -> text(response, Long.toString(request.getInputStream().transferTo(OutputStream.nullOutputStream())));
            case "source" -> source(Long.parseLong(words[1]), response);
            case "events" -> events(Integer.parseInt(words[1]), Integer.parseInt(words[2]), response);
            case "print" -> text(response, Printer.print(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
            case "say" -> text(response, Printer.say(words[1]));
            case "flood" -> text(response, Printer.flood(Long.parseLong(words[1]), Integer.parseInt(words[2])));
            case "chatter" -> text(response, Printer.chatter(Long.parseLong(words[1]), Integer.parseInt(words[2])));
            case "spin" -> text(response, Printer.spin(Long.parseLong(words[1])));
            case "clock" -> text(response, Long.toString(Exchanges.nowMicros()));
            case "draw" -> text(response, Draws.now().line());
            case "loop" -> text(response, Loop.toItself(request).run(words));
            case "out" -> text(response, Loop.outOfTheGuest().run(words));
            default -> response.sendError(HttpServletResponse.SC_BAD_REQUEST, "There is no order " + words[0]);
        }
    }

    private static void echo(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        response.setContentType("application/octet-stream");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static void source(long bytes, HttpServletResponse response) throws IOException {
        response.setContentType("application/octet-stream");
        response.setContentLengthLong(bytes);
        new Zeros(bytes).transferTo(response.getOutputStream());
    }

    private static void events(int count, int paceMillis, HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream");
        ServletOutputStream out = response.getOutputStream();
        long next = System.nanoTime();
        for (int i = 0; i < count; i++) {
            while (System.nanoTime() < next) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            out.write(("data: " + Exchanges.nowMicros() + "\n\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            next += TimeUnit.MILLISECONDS.toNanos(paceMillis);
        }
    }

    private static void text(HttpServletResponse response, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        response.setContentType("text/plain");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
