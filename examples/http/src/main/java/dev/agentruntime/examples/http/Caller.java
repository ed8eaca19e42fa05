package dev.agentruntime.examples.http;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Asks a model. It knows no key: the host adds it on the way out. */
@ApplicationScoped
public class Caller {

    @Inject
    @ConfigProperty(name = "openai.base-url", defaultValue = "http://openai.outbound/v1")
    private String baseUrl;

    @Inject
    @ConfigProperty(name = "openai.model", defaultValue = "gpt-4o-mini")
    private String name;

    private Model model;

    @PostConstruct
    void prepare() {
        model = new Model(baseUrl, name);
    }

    @AgentEntrypoint
    public Reply invoke(Question question) throws IOException, InterruptedException {
        if (question.prompt() == null || question.prompt().isBlank()) {
            throw new IllegalArgumentException("prompt is missing: send {\"prompt\": \"Good day\"}");
        }
        return new Reply(model.answer(question.prompt()));
    }
}
