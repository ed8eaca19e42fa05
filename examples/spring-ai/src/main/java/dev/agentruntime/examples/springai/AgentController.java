package dev.agentruntime.examples.springai;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.Disposable;

/** The two paths that make an application an agent. */
@RestController
final class AgentController {

    private static final long NO_TIMEOUT = 0;

    private final long startedSeconds = Instant.now().getEpochSecond();
    private final ChatClient client;

    AgentController(ChatClient client) {
        this.client = client;
    }

    @GetMapping("/ping")
    Map<String, Object> ping() {
        return Map.of("status", "Healthy", "time_of_last_update", startedSeconds);
    }

    /** Returns a {@link Reply}, or events where the question asks for a stream. */
    @PostMapping("/invocations")
    Object invoke(@RequestBody Question question) {
        ChatClient.ChatClientRequestSpec request = client.prompt().user(question.prompt());
        return Boolean.TRUE.equals(question.stream()) ? stream(request) : new Reply(request.call().content());
    }

    private static SseEmitter stream(ChatClient.ChatClientRequestSpec request) {
        SseEmitter events = new SseEmitter(NO_TIMEOUT);
        Disposable answer = request.stream().content()
                .subscribe(token -> send(events, token), events::completeWithError, events::complete);
        events.onError(readerIsGone -> answer.dispose());
        return events;
    }

    // As JSON, because the blank before a word would be lost in an event.
    private static void send(SseEmitter events, String token) {
        try {
            events.send(SseEmitter.event().data(Map.of("token", token), MediaType.APPLICATION_JSON));
        } catch (IOException e) {
            throw new IllegalStateException("The reader of the answer is gone", e);
        }
    }
}
