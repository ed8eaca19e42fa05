package dev.agentruntime.supervisor;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.UUID;

/** The smallest agent there is, without the SDK. */
@WebServlet(urlPatterns = {"/ping", "/invocations"}, loadOnStartup = 1)
public class TinyAgent extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getWriter().print("{\"status\":\"Healthy\"}");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        response.setContentType("application/json");
        response.getWriter().print("{\"bytes\":" + body.length + ",\"host\":\"" + InetAddress.getLocalHost().getHostName()
                + "\",\"uuid\":\"" + UUID.randomUUID() + "\",\"millis\":" + System.currentTimeMillis() + "}");
    }
}
