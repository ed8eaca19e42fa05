package dev.agentruntime.memory;

import dev.agentruntime.requests.OpenApiDocument;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The description of the front door's paths has this room's operations, with what their requests may hold. */
class OpenApiTest extends MemoryTestBase {

    private final OpenApiDocument document = new OpenApiDocument(Path.of("../invocation-servlet/src/main/resources/META-INF/openapi.json"), "memory");

    @Test
    void everyOperationIsDescribedAndNoOther() {
        document.assertDescribes(room.operations().operations());
    }

    /** The two models have other shapes of the same name, and so have those of other rooms. */
    @Test
    void whatARequestMayHoldIsDescribedAsItIsChecked() {
        document.assertDescribesRequests(MemoryRoom.controlShapes(), "MemoryControl");
        document.assertDescribesRequests(MemoryRoom.dataShapes(), "Memory");
        document.assertDescribesRequests(MemoryRoom.ownShapes(), "Memory");
    }
}
