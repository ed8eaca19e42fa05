package dev.agentruntime.examples.liberty;

import static dev.agentruntime.examples.liberty.OnLiberty.liberty;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

@EnabledIfSystemProperty(named = "liberty.home", matches = "/.+")
@ExtendWith(OnLiberty.class)
class McpClientIT {

    @Test
    void theToolsOfAnMcpServerAreListedAndCalled() {
        HttpResponse<String> tools = liberty().invoke("mcp-client", "{}");
        assertThat(tools.body()).as(liberty().log()).isEqualTo("{\"texts\":[],\"tools\":[\"stock\"]}");
        HttpResponse<String> answer = liberty().invoke("mcp-client", "{\"tool\": \"stock\", \"arguments\": {\"item\": \"paper\"}}");
        assertThat(answer.body()).isEqualTo("{\"texts\":[\"7 of paper are left\"],\"tools\":[]}");
    }

    @Test
    void aToolThatFailsFailsTheCallWithItsWords() {
        HttpResponse<String> answer = liberty().invoke("mcp-client", "{\"tool\": \"stock\", \"arguments\": {\"item\": \"unicorn\"}}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("There is no unicorn");
    }
}
