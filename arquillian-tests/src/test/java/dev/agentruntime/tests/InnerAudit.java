package dev.agentruntime.tests;

import dev.agentruntime.examples.support.AuditPapers;
import dev.agentruntime.examples.support.Uploads;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** In the guest: {@code {"inner": ROWS}} makes the documents there, uploads them to the agent beside it, and tells the time of that. */
@WebFilter("/invocations")
public class InnerAudit extends HttpFilter {

    private static final long serialVersionUID = 1L;
    static final List<String> AMOUNTS = List.of("Invoices!B7=" + AuditPapers.amount(7), "Invoices!B200000=0.01");
    static final long SEED = 1;
    private static final int LONGEST_ORDER_BYTES = 40;
    private static final String ORDER = "{\"inner\": ";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws IOException, ServletException {
        if (request.getContentLengthLong() < 0 || request.getContentLengthLong() > LONGEST_ORDER_BYTES) {
            chain.doFilter(request, response);
            return;
        }
        String order = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int rows = Integer.parseInt(order.substring(ORDER.length(), order.length() - 1));
        Path folder = Files.createTempDirectory("inner");
        Path sheet = folder.resolve("sheet.xlsx");
        Path image = folder.resolve("image.png");
        AuditPapers.writeWorkbook(sheet, rows, SEED);
        AuditPapers.writeImage(image, AMOUNTS, 40_000_000, SEED);
        Uploads documents = Uploads.form(sheet, image);
        long begun = System.nanoTime();
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + request.getLocalPort() + "/invocations")).header("Content-Type", documents.contentType())
                    .POST(documents.body()).build(), BodyHandlers.ofString());
            response.setContentType("application/json");
            response.getWriter().print("{\"status\": " + answer.statusCode() + ", \"millis\": "
                    + Duration.ofNanos(System.nanoTime() - begun).toMillis() + ", \"answer\": " + answer.body() + "}");
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.delete(sheet);
            Files.delete(image);
            Files.delete(folder);
        }
    }
}
