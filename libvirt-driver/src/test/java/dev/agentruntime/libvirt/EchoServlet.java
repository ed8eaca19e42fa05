package dev.agentruntime.libvirt;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The agent of the VM tests: runs in the guest, so it uses nothing of this module. */
@WebServlet(urlPatterns = {"/ping", "/who", "/burn", "/exit", "/dial", "/keep"})
public final class EchoServlet extends HttpServlet {

    /** What one request leaves for the next. */
    private static volatile String kept = "nothing";

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getServletPath().equals("/ping")) {
            response.setContentType("application/json");
            response.getWriter().print("{\"status\":\"Healthy\"}");
            return;
        }
        if (request.getServletPath().equals("/exit")) {
            Runtime.getRuntime().halt(3);
        }
        if (request.getServletPath().equals("/dial")) {
            response.getWriter().print(dial(request.getParameter("host"), Integer.parseInt(request.getParameter("port")), request.getParameter("text")));
            return;
        }
        if (request.getServletPath().equals("/keep")) {
            kept = request.getParameter("text");
        }
        if (request.getServletPath().equals("/burn")) {
            long end = System.nanoTime() + Long.parseLong(request.getParameter("millis")) * 1_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
        response.setContentType("text/plain");
        response.getWriter().print("host=" + InetAddress.getLocalHost().getHostName() + "\nuuid=" + UUID.randomUUID()
                + "\nmillis=" + System.currentTimeMillis() + "\nkept=" + kept + "\n");
    }

    @Override
    public void destroy() {
        System.out.println("goodbye");
    }

    private static String dial(String host, int port, String text) {
        try (Socket socket = new Socket(host, port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.isEmpty() ? "refused" : answer;
        } catch (IOException e) {
            return "refused";
        }
    }
}
