package dev.agentruntime.examples.langchain4j;

import dev.agentruntime.sdk.AgentEntrypoint;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Answers questions about a stock room with the help of a model, which looks into it by a tool. */
@ApplicationScoped
public class Clerk {

    @Inject
    @ConfigProperty(name = "openai.base-url", defaultValue = "http://openai.outbound/v1")
    private String baseUrl;

    /** The host puts the real one in. */
    @Inject
    @ConfigProperty(name = "openai.api-key", defaultValue = "unused")
    private String apiKey;

    @Inject
    @ConfigProperty(name = "openai.model", defaultValue = "gpt-4o-mini")
    private String model;

    private Assistant assistant;

    /** Connects to nothing yet, so all sessions may begin with it. */
    @PostConstruct
    void hire() {
        assistant = AiServices.builder(Assistant.class)
                .chatModel(OpenAiChatModel.builder().baseUrl(baseUrl).apiKey(apiKey).modelName(model).build())
                .streamingChatModel(OpenAiStreamingChatModel.builder().baseUrl(baseUrl).apiKey(apiKey).modelName(model).build())
                .tools(new Stock())
                .build();
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

    /** For tests, which have no CDI. */
    static Clerk at(String baseUrl) {
        Clerk clerk = new Clerk();
        clerk.baseUrl = baseUrl;
        clerk.apiKey = "unused";
        clerk.model = "scripted";
        clerk.hire();
        return clerk;
    }
}
