package dev.agentruntime.conformance.parrot;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An agent that returns what it is sent. Asked for an event stream it sends three events, 400 ms apart; sent "fail" it fails. Its answers
 * say how many calls the session has had, how many its warm-up hook had before it began, and which version of the WAR this is.
 */
@WebServlet({"/invocations", "/ping", "/warm"})
public final class Parrot extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final String CUSTOM = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-";

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger warmed = new AtomicInteger();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getOutputStream().print("{\"status\":\"Healthy\"}");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        if (request.getServletPath().equals("/warm")) {
            warmed.incrementAndGet();
            return;
        }
        response.setHeader(CUSTOM + "Warmed", Integer.toString(warmed.get()));
        response.setHeader(CUSTOM + "Calls", Integer.toString(calls.incrementAndGet()));
        response.setHeader(CUSTOM + "Version", version());
        if ("text/event-stream".equals(request.getHeader("Accept"))) {
            stream(response);
        } else if (new String(body, StandardCharsets.UTF_8).equals("fail")) {
            response.setStatus(500);
            response.getOutputStream().print("{\"message\":\"the parrot is asleep\"}");
        } else {
            response.setContentType(request.getContentType());
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    private static void stream(HttpServletResponse response) throws IOException {
        response.setContentType("text/event-stream");
        for (int number = 1; number <= 3; number++) {
            response.getOutputStream().print("data: " + number + "\n\n");
            response.flushBuffer();
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(400);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private String version() throws IOException {
        try (InputStream in = getServletContext().getResourceAsStream("/WEB-INF/version")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
