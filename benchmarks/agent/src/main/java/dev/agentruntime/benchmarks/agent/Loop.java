package dev.agentruntime.benchmarks.agent;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.Frames;
import dev.agentruntime.benchmarks.wire.RawHttp;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The agent as a client: of itself, for what a request costs without the way into the VM, or of the same servlet on the host. */
final class Loop {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String host;
    private final int port;
    private final String path;

    private Loop(String host, int port, String path) {
        this.host = host;
        this.port = port;
        this.path = path;
    }

    /** Asks whom {@code request} came to. */
    static Loop toItself(HttpServletRequest request) {
        return new Loop("127.0.0.1", request.getLocalPort(), request.getRequestURI());
    }

    /** Asks the host's application by the outbound {@code host}. */
    static Loop outOfTheGuest() {
        return new Loop("host.outbound", 80, "/plain/invocations");
    }

    /** Numbers, separated by spaces: nanoseconds, or for events the microseconds from made to arrived. */
    String run(String[] words) throws IOException {
        return figures(words).stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private List<Long> figures(String[] words) throws IOException {
        if (words[1].equals("frames")) {
            try (Frames frames = new Frames(host, port, "/ws", Map.of(), PATIENCE)) {
                return frames.echoes(Integer.parseInt(words[2]), Integer.parseInt(words[3]), Integer.parseInt(words[4]));
            }
        }
        try (RawHttp http = new RawHttp(host, port, PATIENCE)) {
            Exchanges asked = new Exchanges(http, path, Map.of());
            return switch (words[1]) {
                case "echo" -> asked.echoes(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
                case "sink" -> List.of(asked.upload(Long.parseLong(words[2])));
                case "source" -> List.of(asked.download(Long.parseLong(words[2])));
                case "events" -> asked.events(Integer.parseInt(words[2]), Integer.parseInt(words[3])).stream()
                        .map(arrival -> arrival.cameMicros() - arrival.madeMicros()).toList();
                default -> throw new IOException("There is no order " + words[0] + " " + words[1]);
            };
        }
    }
}
