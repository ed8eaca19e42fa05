package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AgentDocument;
import dev.agentruntime.sdk.AgentEntrypoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Says what documents it was given, a while after the container's thread has gone. */
public class PapersAgent {

    public record Papers(String note, AgentDocument sheet, List<AgentDocument> pages) {
    }

    @AgentEntrypoint
    public CompletionStage<List<String>> invoke(Papers papers) {
        return CompletableFuture.supplyAsync(() -> list(papers), CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
    }

    private static List<String> list(Papers papers) {
        List<String> lines = new ArrayList<>();
        lines.add("note " + papers.note());
        if (papers.sheet() != null) {
            lines.add(describe(papers.sheet()));
        }
        if (papers.pages() != null) {
            papers.pages().forEach(page -> lines.add(describe(page)));
        }
        return lines;
    }

    private static String describe(AgentDocument document) {
        try (InputStream in = document.open()) {
            String start = new String(in.readNBytes(12), StandardCharsets.UTF_8);
            return document.name() + "|" + document.fileName().orElse("-") + "|" + document.contentType().orElse("-") + "|"
                    + document.sizeBytes() + "|" + start + "|" + document.file();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
