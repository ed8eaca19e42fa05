package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A page of another origin, in Chromium, calls an agent in a real VM. Chromium has to be on the path: {@code apt-get install chromium}. */
@EnabledIfSystemProperty(named = "vm", matches = "true")
@EnabledIfSystemProperty(named = "long", matches = "true")
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class BrowserIT {

    private static final int PAGE = VmServer.PAGE.getPort();

    @Test
    void aPageOfAnotherOriginReadsEventsTalksByWebSocketAndSeesWhyItIsRefused(@TempDir Path profile) throws Exception {
        assumeTrue(Node.isThere("chromium"), "chromium is not on the path");
        CompletableFuture<String> told = new CompletableFuture<>();
        HttpServer pages = HttpServer.create(new InetSocketAddress("127.0.0.1", PAGE), 0);
        try (VmServer server = new VmServer()) {
            byte[] page = Files.readString(Path.of("src/test/js/page.html")).replace("ENDPOINT", VmServer.ENDPOINT.toString())
                    .replace("AGENT", VmServer.NARROW).replace("TOKEN", server.token()).getBytes(StandardCharsets.UTF_8);
            pages.createContext("/", exchange -> {
                exchange.getResponseHeaders().add("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            pages.createContext("/told", exchange -> {
                told.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            pages.start();
            check(JsonUtil.parseJson(answerOf(told, profile)));
        } finally {
            pages.stop(0);
        }
    }

    private static String answerOf(CompletableFuture<String> told, Path profile) throws Exception {
        Process browser = new ProcessBuilder("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=" + profile, VmServer.PAGE.toString()).redirectErrorStream(true).redirectOutput(Path.of("target/chromium.out").toFile()).start();
        try {
            return told.get(2, TimeUnit.MINUTES);
        } finally {
            end(browser);
        }
    }

    private static void end(Process browser) throws IOException, InterruptedException {
        browser.descendants().forEach(ProcessHandle::destroyForcibly);
        browser.destroyForcibly().waitFor();
    }

    private static void check(Map<String, Object> told) {
        assertThat(told).doesNotContainKey("failure");
        assertThat(told).containsEntry("events", "data: 1\n\ndata: 2\n\ndata: 3\n\n");
        assertThat((Long) told.get("milliseconds")).as("from the first event to the last").isGreaterThan(300);
        assertThat((String) told.get("session")).hasSizeGreaterThanOrEqualTo(33);
        assertThat(told).containsEntry("refused", 401L).containsEntry("errorType", "UnauthorizedException");
        assertThat(told).containsEntry("protocol", "base64UrlBearerAuthorization").containsEntry("echo", "hello from a page");
    }
}
