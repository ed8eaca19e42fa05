package dev.agentruntime.channel;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The end of the server process in a guest, as the guest tells it: the agent has left the JVM, was killed, or ran out of
 * memory. The guest itself and its link live on.
 *
 * @param reason one sentence for the person who deployed the agent: the exit code, what it means, what to do
 * @param lastLines what the server has logged last, oldest first; may be empty
 */
public record ServerEnd(String reason, List<String> lastLines) {

    private static final String WATCH = "watch";
    private static final int MOST_LOG = 64 * 1024;

    public ServerEnd {
        lastLines = List.copyOf(lastLines);
    }

    /**
     * Has the guest tell when its server ends. Does not block; holds one stream of the link. The stage completes once, on
     * the link's executor: with the end, at once when the server has ended before; exceptionally when the link ends
     * first or the guest refuses. While the VM is paused it stays as it is. A clone has to be watched anew, over its own
     * link.
     */
    public static CompletionStage<ServerEnd> watch(HostLink link) {
        try {
            return PendingReply.to(ControlMessage.of(WATCH), link.open(Targets.CONTROL), MOST_LOG).thenCompose(ServerEnd::told);
        } catch (IOException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private static CompletionStage<ServerEnd> told(ControlReply reply) {
        String reason = reply.head().field("reason").orElse("");
        if (!reply.isOk() || reason.isEmpty()) {
            return CompletableFuture.failedStage(new IOException("the guest does not tell when its server ends: "
                    + (reply.isOk() ? "it gave no reason" : reply.message())));
        }
        return CompletableFuture.completedStage(new ServerEnd(reason, reply.lines()));
    }
}
