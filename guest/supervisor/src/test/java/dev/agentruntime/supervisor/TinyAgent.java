package dev.agentruntime.supervisor;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.time.DayOfWeek;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;

/** The smallest agent there is, without the SDK. */
@WebServlet(urlPatterns = {"/ping", "/invocations"}, loadOnStartup = 1)
public class TinyAgent extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getWriter().print("{\"status\":\"Healthy\"}");
    }

    /** What the guest has of Java: formats, fonts, room for files. */
    @Override
    protected void doPut(HttpServletRequest request, HttpServletResponse response) throws IOException {
        BufferedImage image = new BufferedImage(200, 40, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setFont(new Font(Font.SERIF, Font.BOLD, 16));
        graphics.drawString("Hällo Ωж", 5, 20);
        long lit = IntStream.of(image.getRGB(0, 0, 200, 40, null, 0, 200)).filter(pixel -> (pixel & 0xffffff) != 0).count();
        File here = new File("/opt/wlp/usr/servers/agent/apps");
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().print("number=" + NumberFormat.getInstance(Locale.GERMANY).format(1234.5)
                + " day=" + DayOfWeek.MONDAY.getDisplayName(TextStyle.FULL, Locale.FRANCE) + " lit=" + lit
                + " disk=" + here.getTotalSpace() / 1048576 + "/" + here.getUsableSpace() / 1048576
                + " heap=" + Runtime.getRuntime().maxMemory() / 1048576
                + " memory=" + Files.readAllLines(Path.of("/proc/meminfo")).subList(0, 3));
    }

    /** Ends its session's JVM, as a careless agent does. */
    @Override
    protected void doDelete(HttpServletRequest request, HttpServletResponse response) {
        System.out.println("the agent leaves");
        System.exit(7);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        response.setContentType("application/json");
        response.getWriter().print("{\"bytes\":" + body.length + ",\"host\":\"" + InetAddress.getLocalHost().getHostName()
                + "\",\"uuid\":\"" + UUID.randomUUID() + "\",\"millis\":" + System.currentTimeMillis() + "}");
    }
}
