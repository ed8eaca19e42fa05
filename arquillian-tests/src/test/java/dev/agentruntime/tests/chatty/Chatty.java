package dev.agentruntime.tests.chatty;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.ConfigProvider;

/** An agent that says what it is told to say, as much as it is told to, and reads its environment. Each order is one line. */
@WebServlet({"/invocations", "/ping"})
public final class Chatty extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = Logger.getLogger("chatty");

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getWriter().print("{\"status\":\"Healthy\"}");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String[] order = request.getReader().readLine().split(" ", 2);
        String answer = switch (order[0]) {
            case "say" -> said(order[1]);
            case "err" -> {
                System.err.println(order[1]);
                yield "ok";
            }
            case "each" -> each(order[1].split(" "));
            case "flood" -> flooded(Long.parseLong(order[1]));
            case "env" -> Optional.ofNullable(System.getenv(order[1])).orElse("-") + " "
                    + ConfigProvider.getConfig().getOptionalValue(order[1], String.class).orElse("-") + " " + ofAChild(order[1]);
            case "halt" -> {
                System.err.println(order[1]);
                Runtime.getRuntime().halt(3);
                yield "";
            }
            default -> "ok";
        };
        response.setContentType("text/plain");
        response.getWriter().print(answer);
    }

    /** Returns when that was, by this guest's clock. */
    private static String said(String text) {
        System.out.println(text);
        return Long.toString(System.currentTimeMillis());
    }

    private static String each(String... words) {
        for (String word : words) {
            System.out.println(word + " to System.out");
            System.err.println(word + " to System.err");
            LOG.warning(word + " to the logger");
        }
        return "ok";
    }

    private static String flooded(long bytes) {
        String line = "x".repeat(3_999);
        System.out.println("the flood begins");
        for (long n = 0; n < bytes / 4_000; n++) {
            System.out.println(line);
        }
        System.out.println("the flood is over");
        return Long.toString(bytes);
    }

    private static String ofAChild(String name) throws IOException {
        Process child = new ProcessBuilder("/bin/sh", "-c", "printf '%s' \"$" + name + "\"").start();
        return new String(child.getInputStream().readAllBytes());
    }
}
