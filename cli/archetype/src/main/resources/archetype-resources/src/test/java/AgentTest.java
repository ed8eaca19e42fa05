package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.agentruntime.testkit.AgentTestKit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the entrypoint in this process, with a context and a clock that the test sets. */
class AgentTest {

    @RegisterExtension
    final AgentTestKit kit = new AgentTestKit();

    private final Agent agent = new Agent(new WorldClock(kit.clock()));

    @Test
    void greetsWhoeverCalls() {
        assertEquals(new Agent.Reply("Hello, Ada!"), kit.invoke(agent, new Agent.Prompt("Ada", null, null)));
    }

    @Test
    void usesItsTool() {
        assertEquals(new Agent.Reply("Hello, Ada! In Asia/Tokyo it is 21:00."), kit.invoke(agent, new Agent.Prompt("Ada", "Asia/Tokyo", null)));
        assertThrows(IllegalArgumentException.class, () -> kit.invoke(agent, new Agent.Prompt("Ada", "Nowhere", null)));
    }

    @Test
    void answersWordByWord() {
        assertEquals(List.of(new Agent.Word("Hello,"), new Agent.Word("Ada!")), kit.events(agent, new Agent.Prompt("Ada", null, true)));
    }
}
