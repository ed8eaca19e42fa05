package dev.agentruntime.invocation;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An agent that does what the custom header {@code …-Custom-Do} says, in raw bytes, as whoever has taken over a guest can. */
final class RawModes implements AutoCloseable {

    private static final Pattern ORDER = Pattern.compile("(?i)Custom-Do: (.*)\r\n");
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String CHUNKED = OK + "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final long ENDLESS = 300L << 20;

    private static final Map<String, RawAgent.Script> MODES = Map.ofEntries(
            Map.entry("ignore", (head, to) -> to.ignore()),
            Map.entry("no-read", (head, to) -> {
                to.send(OK + "Content-Length: 12\r\n\r\ndid not read");
                to.ignore();
            }),
            Map.entry("german", (head, to) -> to.send(OK + "Content-Language: de, fr-CH\r\nContent-Length: 2\r\n\r\nja")),
            Map.entry("ok", (head, to) -> to.send(OK + "Content-Length: 2\r\n\r\nok")),
            Map.entry("endless-head", (head, to) -> endless(to, OK, "x-a: " + "b".repeat(1000) + "\r\n")),
            Map.entry("endless-value", (head, to) -> endless(to, OK + "x-a: ", "b".repeat(1000))),
            Map.entry("endless-reason", (head, to) -> endless(to, "HTTP/1.1 200 O", "K".repeat(1000))),
            Map.entry("endless-trailers", (head, to) -> endless(to, CHUNKED + "0\r\n", "x-a: " + "b".repeat(1000) + "\r\n")),
            Map.entry("endless-extension", (head, to) -> endless(to, CHUNKED + "1", ";a=" + "b".repeat(1000))),
            Map.entry("endless-interim", (head, to) -> endless(to, "", "HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n")),
            Map.entry("huge-number", (head, to) -> to.send(error("{\"a\":1e99999999999}"))),
            Map.entry("deep", (head, to) -> to.send(error("[".repeat(4000)))),
            Map.entry("many-fields", (head, to) -> {
                StringBuilder fields = new StringBuilder();
                for (int i = 0; i < 600; i++) {
                    fields.append("mcp-").append(i).append(": x\r\n");
                }
                to.send(OK + fields + "Content-Length: 0\r\n\r\n");
            }),
            Map.entry("status-199", (head, to) -> to.send("HTTP/1.1 199 Odd\r\n\r\n")),
            Map.entry("twice-100", (head, to) -> to.send("HTTP/1.1 100 Continue\r\n\r\n".repeat(2) + OK + "Content-Length: 2\r\n\r\nok")),
            Map.entry("head-of-error", (head, to) -> silent(to, "HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n")),
            Map.entry("status-line", (head, to) -> silent(to, OK)),
            Map.entry("html", (head, to) -> {
                String page = "<html><head><title>Error</title></head><body><h1>Error 500:</h1> <p>java.lang.Error: boom</p></body></html>";
                to.send("HTTP/1.1 500 No\r\nContent-Type: text/html\r\nContent-Length: " + page.length() + "\r\n\r\n" + page);
            }),
            Map.entry("cut-in-chunk", (head, to) -> cut(to, CHUNKED + "a\r\nhalf")),
            Map.entry("cut-between-chunks", (head, to) -> cut(to, CHUNKED + "4\r\nhalf\r\n")),
            Map.entry("bad-chunk", (head, to) -> cut(to, CHUNKED + "4\r\nhalf\r\nzz\r\n")),
            Map.entry("cut-in-length", (head, to) -> cut(to, OK + "Content-Length: 100\r\n\r\nhalf")),
            Map.entry("ws-echo", WebSocketModes::echo),
            Map.entry("ws-slow", WebSocketModes::slow),
            Map.entry("ws-flood", WebSocketModes::flood),
            Map.entry("ws-close", WebSocketModes::close),
            Map.entry("ws-gone", WebSocketModes::gone),
            Map.entry("ws-masked", WebSocketModes::masked),
            Map.entry("ws-bad-accept", WebSocketModes::badAccept),
            Map.entry("silence", (head, to) -> to.hold()));

    private final RawAgent agent;

    RawModes() throws IOException {
        agent = new RawAgent((head, connection) -> {
            Matcher order = ORDER.matcher(head);
            MODES.get(order.find() ? order.group(1) : "ok").answer(head, connection);
        });
    }

    int port() {
        return agent.port();
    }

    /** Connections that the host has closed. */
    int closed() {
        return agent.closed.get();
    }

    private static String error(String body) {
        return "HTTP/1.1 500 No\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static void endless(RawAgent.Connection to, String beginning, String part) throws IOException {
        to.send(beginning);
        to.sendUpTo(ENDLESS, part);
        to.hold();
    }

    private static void silent(RawAgent.Connection to, String beginning) throws IOException {
        to.send(beginning);
        to.hold();
    }

    private static void cut(RawAgent.Connection to, String beginning) throws IOException {
        to.send(beginning);
        throw new IOException("cut");
    }

    @Override
    public void close() throws IOException {
        agent.close();
    }
}
