package dev.agentruntime.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.examples.support.Heard;
import dev.agentruntime.examples.support.ScriptedTools;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ToolsTest {

    private final ScriptedTools server = ScriptedTools.start();
    private final Tools tools = new Tools(URI.create(server.url()));

    @AfterEach
    void stop() {
        tools.close();
        server.close();
    }

    @Test
    void toolsAreListedAndCalledOverOneConnection() {
        assertThat(tools.names()).containsExactly("stock");
        assertThat(tools.call("stock", Map.of("item", "paper"))).containsExactly("7 of paper are left");
        assertThat(initializations()).isEqualTo(1);
    }

    @Test
    void whatAToolComplainsOfIsTold() {
        assertThatThrownBy(() -> tools.call("stock", Map.of("item", "unicorn")))
                .hasMessage("The tool stock failed: There is no unicorn");
    }

    @Test
    void nothingIsConnectedBeforeTheFirstUse() {
        assertThat(initializations()).isZero();
    }

    @Test
    void afterAFailureItConnectsAnew() {
        Tools nowhere = new Tools(URI.create("http://localhost:1/mcp"));
        assertThatThrownBy(nowhere::names).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(nowhere::names).isInstanceOf(RuntimeException.class);
        tools.names();
        tools.close();
        assertThat(tools.names()).containsExactly("stock");
        assertThat(initializations()).isEqualTo(2);
    }

    private long initializations() {
        return server.heard().stream().map(Heard::body).filter(body -> body.getString("method").equals("initialize")).count();
    }
}
