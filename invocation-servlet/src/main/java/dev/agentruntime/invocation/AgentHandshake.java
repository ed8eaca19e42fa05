package dev.agentruntime.invocation;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpFields;

/** Asks a guest for a WebSocket (RFC 6455, section 4.1). Holds no thread while it waits. */
final class AgentHandshake {

    /**
     * A guest has accepted.
     *
     * @param protocol the subprotocol that it has chosen
     * @param early    what it has sent behind the head of its answer
     */
    record Accepted(Optional<String> protocol, ByteBuffer early) {}

    /** A guest's answer is another, or no answer of HTTP at all. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Optional<Fault> fault;

        RefusedException(String message) {
            super(message);
            fault = Optional.empty();
        }

        RefusedException(Fault fault) {
            super(fault.refusal().message());
            this.fault = Optional.of(fault);
        }

        /** What it has answered; empty where that is no proper answer. */
        Optional<Fault> fault() {
            return fault;
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SWITCHING = 101;
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final GuestStream guest;
    private final Executor executor;
    private final List<String> offered;
    private final String key;
    private final ByteBuffer request;
    private final ByteBuffer answer = ByteBuffer.allocate(AgentClient.MOST_HEAD_BYTES);
    private final CompletableFuture<Accepted> done = new CompletableFuture<>();
    /** Where the end of the head is looked for: an answer that comes byte by byte is not searched anew for each. */
    private int searched;

    private AgentHandshake(GuestStream guest, Executor executor, String path, HttpFields fields, List<String> offered) {
        this.guest = guest;
        this.executor = executor;
        this.offered = offered;
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        key = Base64.getEncoder().encodeToString(random);
        request = ByteBuffer.wrap(head(path, fields).getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Begins. The future fails with an IOException where the guest does not accept. Does not block.
     *
     * @param path    where the WebSocket is served, as it goes over the wire
     * @param offered subprotocols
     */
    static CompletionStage<Accepted> begin(GuestStream guest, Executor executor, String path, HttpFields fields, List<String> offered) {
        AgentHandshake handshake = new AgentHandshake(guest, executor, path, fields, offered);
        handshake.turn();
        return handshake.done;
    }

    private String head(String path, HttpFields fields) {
        StringBuilder head = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\nHost: localhost:8080\r\n");
        head.append("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ").append(key).append("\r\n");
        if (!offered.isEmpty()) {
            head.append(WebSocketHandshake.PROTOCOL).append(": ").append(String.join(", ", offered)).append("\r\n");
        }
        fields.forEach(field -> head.append(field.getName()).append(": ").append(field.getValue()).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private void turn() {
        try {
            while (request.hasRemaining()) {
                if (guest.write(request) == 0) {
                    guest.onWritable(() -> executor.execute(this::turn));
                    return;
                }
            }
            int read = guest.read(answer);
            int end = end();
            if (end > 0) {
                done.complete(judge(end));
            } else if (read < 0) {
                throw new RefusedException("The agent closed the connection while it was asked for a WebSocket");
            } else if (!answer.hasRemaining()) {
                throw new RefusedException("The head of the agent's answer has more than " + AgentClient.MOST_HEAD_BYTES + " bytes");
            } else {
                guest.onReadable(() -> executor.execute(this::turn));
            }
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    /** Behind the head of the answer; 0 while that is not all there. */
    private int end() {
        for (; searched + END.length <= answer.position(); searched++) {
            if (Arrays.equals(answer.array(), searched, searched + END.length, END, 0, END.length)) {
                return searched + END.length;
            }
        }
        return 0;
    }

    private Accepted judge(int end) throws RefusedException {
        String[] lines = new String(answer.array(), 0, end, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        int status = status(lines[0]);
        ByteBuffer rest = ByteBuffer.wrap(Arrays.copyOfRange(answer.array(), end, answer.position()));
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.merge(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
            }
        }
        if (status != SWITCHING) {
            throw new RefusedException(Fault.of(status, headers.getOrDefault("content-type", ""),
                    new String(rest.array(), 0, Math.min(rest.remaining(), FaultReader.MAX_BYTES), StandardCharsets.UTF_8)));
        }
        Optional<String> protocol = Optional.ofNullable(headers.get(WebSocketHandshake.PROTOCOL.toLowerCase(Locale.ROOT)));
        if (!WebSocketHandshake.accept(key).equals(headers.get("sec-websocket-accept")) || !"websocket".equalsIgnoreCase(headers.get("upgrade"))) {
            throw new RefusedException("The agent's answer is 101 without a proper Sec-WebSocket-Accept and Upgrade");
        }
        if (headers.containsKey("sec-websocket-extensions") || protocol.isPresent() && !offered.contains(protocol.get())) {
            throw new RefusedException("The agent has chosen an extension or a subprotocol that it was not offered");
        }
        return new Accepted(protocol, rest);
    }

    private static int status(String line) throws RefusedException {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].equals("HTTP/1.1") || !words[1].matches("[1-5][0-9][0-9]")) {
            throw new RefusedException("The agent's answer is not HTTP/1.1: " + Fault.excerpt(line));
        }
        return Integer.parseInt(words[1]);
    }
}
