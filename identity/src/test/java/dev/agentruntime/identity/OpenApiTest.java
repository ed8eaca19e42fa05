package dev.agentruntime.identity;

import dev.agentruntime.requests.OpenApiDocument;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The description of the front door's paths has this room's operations, with what their requests may hold. */
class OpenApiTest extends IdentityTestBase {

    private final OpenApiDocument document = new OpenApiDocument(Path.of("../invocation-servlet/src/main/resources/META-INF/openapi.json"), "identity");

    @Test
    void everyOperationIsDescribedAndNoOther() {
        document.assertDescribes(room.operations().operations());
    }

    @Test
    void whatARequestMayHoldIsDescribedAsItIsChecked() {
        document.assertDescribesRequests(IdentityRoom.controlShapes());
        document.assertDescribesRequests(IdentityRoom.dataShapes());
    }
}
