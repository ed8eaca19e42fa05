package dev.agentruntime.examples.langchain4j;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Answers questions about a stock room with the help of a model, which looks into it by a tool. */
@ApplicationScoped
public class Clerk {

    @Inject
    private Assistant assistant;

    /** For CDI. */
    Clerk() {
    }

    Clerk(Assistant assistant) {
        this.assistant = assistant;
    }

    /** Returns a {@link Reply}, or a publisher of tokens where the question asks for a stream. */
    @AgentEntrypoint
    public Object invoke(Question question) {
        if (question.prompt() == null || question.prompt().isBlank()) {
            throw new IllegalArgumentException("prompt is missing: send {\"prompt\": \"How much is left of the paper?\"}");
        }
        return Boolean.TRUE.equals(question.stream())
                ? new Tokens(assistant.stream(question.prompt()))
                : new Reply(assistant.answer(question.prompt()));
    }
}
