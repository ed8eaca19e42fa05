package dev.agentruntime.libvirt;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Targets;
import dev.agentruntime.runtime.spi.VmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has a clone do once what its session will ask of it first, so that the session finds its pages copied and, under
 * emulation, its code translated: a beginning, a ping, and requests on the way an invocation goes.
 */
final class Priming {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ROUNDS = 3;
    private static final int MOST_BYTES = 64 * 1024;
    private static final String OFFERED = "x-agent-runtime-warm-up-offered:";
    private static final String PING = "GET /ping HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n";
    /** Does not reach the agent's own code; sent only where the ping offers it. */
    private static final String INVOCATION = "POST /invocations HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n"
            + "X-Agent-Runtime-Warm-Up: 1\r\nX-Amzn-Bedrock-AgentCore-Runtime-Session-Id: warm-up\r\n"
            + "X-Amzn-Bedrock-AgentCore-Runtime-Request-Id: warm-up\r\nX-Agent-Runtime-Caller-Issuer: warm%2Dup\r\n"
            + "X-Agent-Runtime-Caller-Subject: warm%2Dup\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
            + "User-Agent: warm-up\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private final HostLink link;
    private final String vm;
    private final Executor executor;

    Priming(HostLink link, String vm, Executor executor) {
        this.link = link;
        this.vm = vm;
        this.executor = executor;
    }

    /** Blocks for some seconds. Throws VmException where the guest does not take part. */
    void run() {
        GuestControl control = new GuestControl(link, vm);
        for (int round = 0; round < ROUNDS; round++) {
            control.begin(vm, "warm-up");
            control.ping(LIMIT);
            if (exchange(PING).toLowerCase(Locale.ROOT).contains(OFFERED)) {
                exchange(INVOCATION);
            }
        }
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
            throw new VmException("The agent in the VM " + vm + " did not answer while it was primed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("Interrupted while priming the VM " + vm, e);
        }
    }

    private static String converse(MuxStream stream, String request) throws IOException {
        OutputStream out = stream.output();
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        InputStream in = stream.input();
        return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
    }
}
