package dev.agentruntime.libvirt;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An agent that goes out, for the VM tests: runs in the guest, so it uses nothing of this module. */
@WebServlet(urlPatterns = {"/ping", "/startup", "/fetch", "/env", "/hold", "/held", "/echoes", "/download", "/lookup"}, loadOnStartup = 1)
public final class OutwardServlet extends HttpServlet {

    private static volatile String startup = "";
    private static volatile Socket held = new Socket();

    /** While the template is made, as a connection pool would. */
    @Override
    public void init() {
        String name;
        try (Socket socket = new Socket("echo.outbound", 7000)) {
            name = "connected";
        } catch (IOException e) {
            name = e.getClass().getSimpleName();
        }
        String proxy;
        try (Socket socket = new Socket("127.0.0.1", 3128)) {
            socket.getOutputStream().write("GET http://example.com/ HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            proxy = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines().findFirst().orElse("nothing");
        } catch (IOException e) {
            proxy = e.getClass().getSimpleName();
        }
        startup = name + ", " + proxy;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        String answer;
        try {
            answer = switch (request.getServletPath()) {
                case "/startup" -> startup;
                case "/fetch" -> fetch(request.getParameter("client"), URI.create(request.getParameter("url")));
                case "/env" -> variable(request.getParameter("name"));
                case "/hold" -> hold(request.getParameter("host"), Integer.parseInt(request.getParameter("port")));
                case "/held" -> say(request.getParameter("text"));
                case "/echoes" -> echoes(Integer.parseInt(request.getParameter("count")));
                case "/download" -> download(request.getParameter("host"), Integer.parseInt(request.getParameter("port")), request.getParameter("bytes"));
                case "/lookup" -> InetAddress.getByName(request.getParameter("host")).getHostAddress();
                default -> "{\"status\":\"Healthy\"}";
            };
        } catch (UnknownHostException e) {
            answer = "unknown host";
        } catch (IOException | ReflectiveOperationException e) {
            answer = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer = e.toString();
        }
        response.getWriter().print(answer);
    }

    private static String fetch(String client, URI url) throws IOException, InterruptedException {
        if (client.equals("net")) {
            HttpRequest request = HttpRequest.newBuilder(url).build();
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** As System.getenv, MicroProfile Config and a child process see it. */
    private static String variable(String name) throws IOException, ReflectiveOperationException {
        Object config = Class.forName("org.eclipse.microprofile.config.ConfigProvider").getMethod("getConfig").invoke(null);
        Object value = Class.forName("org.eclipse.microprofile.config.Config").getMethod("getOptionalValue", String.class, Class.class)
                .invoke(config, name, String.class);
        Process child = new ProcessBuilder("/bin/sh", "-c", "printf %s \"${" + name + "-null}\"").start();
        String seen = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return System.getenv(name) + " " + value + " " + seen;
    }

    private static String hold(String host, int port) throws IOException {
        held = new Socket(host, port);
        held.setTcpNoDelay(true);
        held.setSoTimeout(20_000);
        return say("first");
    }

    private static String say(String text) throws IOException {
        held.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
        StringBuilder line = new StringBuilder();
        for (int next = held.getInputStream().read(); next >= 0 && next != '\n'; next = held.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** Microseconds of each round trip of one byte over the held connection, sorted. */
    private static String echoes(int count) throws IOException {
        long[] micros = new long[count];
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            held.getOutputStream().write('x');
            held.getInputStream().read();
            micros[i] = (System.nanoTime() - begun) / 1000;
        }
        Arrays.sort(micros);
        return "p50 " + micros[count / 2] + " us, p95 " + micros[count * 95 / 100] + " us";
    }

    private static String download(String host, int port, String bytes) throws IOException {
        long begun = System.nanoTime();
        long received = 0;
        try (Socket socket = new Socket(host, port)) {
            socket.getOutputStream().write((bytes + "\n").getBytes(StandardCharsets.US_ASCII));
            byte[] block = new byte[64 * 1024];
            InputStream in = socket.getInputStream();
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                received += count;
            }
        }
        return received + " bytes, " + received * 1000 / Math.max(1, System.nanoTime() - begun) + " MB/s";
    }
}
