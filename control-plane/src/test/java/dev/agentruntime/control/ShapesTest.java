package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.requests.Shape;
import dev.agentruntime.requests.Shapes;
import org.junit.jupiter.api.Test;

class ShapesTest {

    private final Shapes shapes = Shapes.load(ControlPlane.class, "facts.json", "additions.json");

    @Test
    void everyShapeThatIsNamedIsThere() {
        assertThat(shapes.shapes().values()).allSatisfy(shape -> {
            if (shape instanceof Shape.Structure structure) {
                assertThat(structure.members().values()).allMatch(member -> shapes.shapes().containsKey(member.shape()));
                assertThat(structure.members().keySet()).containsAll(structure.required());
            } else if (shape instanceof Shape.ListOf list) {
                assertThat(shapes.shapes()).containsKey(list.element());
            } else if (shape instanceof Shape.MapOf map) {
                assertThat(shapes.shapes()).containsKeys(map.key(), map.value());
            }
        });
    }

    @Test
    void everyOperationIsBoundToItsPathAndVerb() {
        assertThat(shapes.operations()).hasSize(14);
        assertThat(shapes.operations().get("ListAgentRuntimes"))
                .isEqualTo(new Shapes.Operation("ListAgentRuntimes", "POST", "/runtimes/", 200, "ListAgentRuntimesRequest"));
        assertThat(shapes.operations().get("DeleteAgentRuntimeEndpoint").path())
                .isEqualTo("/runtimes/{agentRuntimeId}/runtime-endpoints/{endpointName}/");
        assertThat(shapes.structure("DeleteAgentRuntimeRequest").members().get("agentRuntimeVersion"))
                .isEqualTo(new Shape.Member("AgentRuntimeVersion", Shape.Place.QUERY, "version"));
    }

    @Test
    void membersThatAreNewerThanTheModelAreKnownBesideThoseThatItHas() {
        assertThat(shapes.structure("CreateAgentRuntimeRequest").members())
                .containsKeys("hooksConfiguration", "resourceConfigurations", "environmentVariables");
        assertThat(shapes.structure("ProtocolConfiguration").required()).containsExactly("serverProtocol");
    }
}
