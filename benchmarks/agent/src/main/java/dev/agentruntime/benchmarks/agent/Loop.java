package dev.agentruntime.benchmarks.agent;

import dev.agentruntime.benchmarks.wire.Exchanges;
import dev.agentruntime.benchmarks.wire.RawHttp;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The agent as its own client, for what a request costs without the way into the VM. */
final class Loop {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int port;
    private final String path;

    Loop(HttpServletRequest request) {
        port = request.getLocalPort();
        path = request.getRequestURI();
    }

    /** Numbers, separated by spaces: nanoseconds, or for events the microseconds from made to arrived. */
    String run(String[] words) throws IOException {
        try (RawHttp http = new RawHttp("127.0.0.1", port, PATIENCE)) {
            Exchanges self = new Exchanges(http, path, Map.of());
            List<Long> figures = switch (words[1]) {
                case "echo" -> self.echoes(Integer.parseInt(words[2]), Integer.parseInt(words[3]));
                case "sink" -> List.of(self.upload(Long.parseLong(words[2])));
                case "source" -> List.of(self.download(Long.parseLong(words[2])));
                case "events" -> self.events(Integer.parseInt(words[2]), Integer.parseInt(words[3])).stream()
                        .map(arrival -> arrival.cameMicros() - arrival.madeMicros()).toList();
                default -> throw new IOException("There is no order loop " + words[1]);
            };
            return figures.stream().map(String::valueOf).collect(Collectors.joining(" "));
        }
    }
}
