package dev.agentruntime.examples.langchain4j;

import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the assistant that others inject, of a model that the configuration names. */
@ApplicationScoped
public class Assistants {

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

    /** Connects to nothing yet, so all sessions may begin with it. */
    @Produces
    @ApplicationScoped
    public Assistant assistant() {
        return of(baseUrl, apiKey, model);
    }

    static Assistant of(String baseUrl, String apiKey, String model) {
        return AiServices.builder(Assistant.class)
                .chatModel(OpenAiChatModel.builder().baseUrl(baseUrl).apiKey(apiKey).modelName(model).build())
                .streamingChatModel(OpenAiStreamingChatModel.builder().baseUrl(baseUrl).apiKey(apiKey).modelName(model).build())
                .tools(new Stock())
                .build();
    }
}
