package dev.agentruntime.control;

import dev.agentruntime.requests.OpenApiDocument;
import dev.agentruntime.requests.Shapes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The description of the front door's paths has this room's operations, with what their requests may hold. */
class OpenApiTest extends ControlTestBase {

    private final OpenApiDocument document = new OpenApiDocument(Path.of("../invocation-servlet/src/main/resources/META-INF/openapi.json"), "control plane");

    @Test
    void everyOperationIsDescribedAndNoOther() {
        document.assertDescribes(plane.operations().operations());
    }

    @Test
    void whatARequestMayHoldIsDescribedAsItIsChecked() {
        document.assertDescribesRequests(Shapes.load(ControlPlane.class, "facts.json", "additions.json"));
    }
}
