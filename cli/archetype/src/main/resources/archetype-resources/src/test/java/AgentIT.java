package ${package};

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.agentruntime.testkit.AgentInVm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the WAR in a VM of the server that AGENTCTL_SERVER and AGENTCTL_TOKEN name; skipped where there is none. */
class AgentIT {

    @RegisterExtension
    static final AgentInVm agent = AgentInVm.of(Path.of("target/${artifactId}.war"));

    @Test
    void greetsFromItsVm() {
        assertEquals("{\"answer\":\"Hello, Ada!\"}", agent.invoke("{\"prompt\": \"Ada\"}"));
    }

    @Test
    void answersWordByWord() {
        assertEquals(List.of("{\"word\":\"Hello,\"}", "{\"word\":\"Ada!\"}"), agent.events("{\"prompt\": \"Ada\", \"stream\": true}"));
    }
}
