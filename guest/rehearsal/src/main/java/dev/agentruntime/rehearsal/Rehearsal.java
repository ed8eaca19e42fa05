package dev.agentruntime.rehearsal;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Answers in each of the ways in which agents answer. */
@ApplicationScoped
public class Rehearsal {

    private static final Duration LATER = Duration.ofMillis(1);

    @Inject
    @ConfigProperty(name = "rehearsal.greeting", defaultValue = "Hello")
    private String greeting;

    @AgentEntrypoint
    public Object invoke(Line line, AgentContext context) {
        return switch (line.way()) {
            case "later" -> CompletableFuture.supplyAsync(() -> speak(line, context),
                    CompletableFuture.delayedExecutor(LATER.toMillis(), TimeUnit.MILLISECONDS));
            case "stream" -> Stream.of(speak(line, context), speak(line, context));
            case "events" -> events(speak(line, context));
            default -> speak(line, context);
        };
    }

    private Spoken speak(Line line, AgentContext context) {
        try (var task = context.tasks().start("rehearsal")) {
            return new Spoken(greeting, line.prompt(), context.sessionId(), List.of(line.number()), task.name());
        }
    }

    private static Flow.Publisher<Spoken> events(Spoken item) {
        return subscriber -> {
            SubmissionPublisher<Spoken> publisher = new SubmissionPublisher<>();
            publisher.subscribe(subscriber);
            publisher.submit(item);
            publisher.submit(item);
            publisher.close();
        };
    }
}
