package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import dev.agentruntime.runtime.spi.VmException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Small requests to the agent in a guest before it has a session, over the way that a session's requests go. */
final class GuestHttp {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST_BYTES = 64 * 1024;

    private final HostLink link;
    private final String vm;
    private final Executor executor;

    GuestHttp(HostLink link, String vm, Executor executor) {
        this.link = link;
        this.vm = vm;
        this.executor = executor;
    }

    String get(String path) {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n");
    }

    /**
     * With the headers that every invocation has.
     *
     * @param more further header lines, each with its end of line
     */
    String post(String path, String more, String json) {
        return exchange("POST " + path + " HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n" + more
                + "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id: warm-up\r\n"
                + "X-Amzn-Bedrock-AgentCore-Runtime-Request-Id: warm-up\r\nX-Agent-Runtime-Caller-Issuer: warm%2Dup\r\n"
                + "X-Agent-Runtime-Caller-Subject: warm%2Dup\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
                + "User-Agent: warm-up\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json);
    }

    private String exchange(String request) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (MuxStream stream = link.open(Targets.AGENT)) {
            executor.execute(() -> {
                try {
                    answer.complete(converse(stream, request));
                } catch (IOException e) {
                    answer.completeExceptionally(e);
                }
            });
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new VmException("The agent in the VM " + vm + " did not answer while it was warmed up: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("Interrupted while warming up the VM " + vm, e);
        }
    }

    private static String converse(MuxStream stream, String request) throws IOException {
        OutputStream out = stream.output();
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return new String(stream.input().readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
    }
}
