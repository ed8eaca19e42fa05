package dev.agentruntime.examples.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.examples.support.ScriptedModel;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

class AgentControllerTest {

    private final ScriptedModel model = ScriptedModel.start(Duration.ofMillis(5));
    private final ChatClient client = client();

    @AfterEach
    void stop() {
        model.close();
    }

    @Test
    void theModelLooksIntoTheStockRoomByTheTool() {
        assertThat(new AgentController(client).invoke(new Question("What is left of the paper?", null))).isEqualTo(new Reply("It says: 40"));
        assertThat(model.heard()).hasSize(2);
        assertThat(model.heard().get(0).authorization()).contains("Bearer unused");
        assertThat(model.heard().get(0).body().getString("model")).isEqualTo("gpt-4o-mini");
    }

    @Test
    void anAnswerIsStreamedTokenByToken() {
        assertThat(client.prompt().user("What is left of the ink?").stream().content().collectList().block(Duration.ofSeconds(20)))
                .filteredOn(token -> !token.isEmpty()).containsExactly("It", " says:", " 3");
        assertThat(new AgentController(client).invoke(new Question("What is left of the ink?", true))).isInstanceOf(SseEmitter.class);
    }

    @Test
    void thePingIsHealthy() {
        assertThat(new AgentController(client).ping()).containsEntry("status", "Healthy").containsKey("time_of_last_update");
    }

    private ChatClient client() {
        StandardEnvironment settings = new StandardEnvironment();
        settings.getPropertySources().addFirst(new MapPropertySource("test", Map.of("openai.base-url", model.baseUrl())));
        return new Beans().chatClient(settings);
    }
}
