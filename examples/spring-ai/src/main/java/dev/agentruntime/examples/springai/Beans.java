package dev.agentruntime.examples.springai;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** What Spring Boot's starter would make, by hand. All of it is made with the application and connects to nothing yet. */
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
class Beans {

    /** The settings are system properties or environment variables, such as OPENAI_BASE_URL. The host puts the real key in. */
    @Bean
    ChatClient chatClient(Environment settings) {
        OpenAiApi api = OpenAiApi.builder()
                .baseUrl(settings.getProperty("openai.base-url", "http://openai.outbound/v1"))
                .completionsPath("/chat/completions")
                .apiKey(settings.getProperty("openai.api-key", "unused"))
                .build();
        OpenAiChatOptions options = OpenAiChatOptions.builder().model(settings.getProperty("openai.model", "gpt-4o-mini")).build();
        return ChatClient.builder(OpenAiChatModel.builder().openAiApi(api).defaultOptions(options).build())
                .defaultSystem("You know the stock room. Answer in one sentence.")
                .defaultTools(new Stock())
                .build();
    }

    @Bean
    AgentController agentController(ChatClient chatClient) {
        return new AgentController(chatClient);
    }
}
