package dev.agentruntime.memory;

import dev.agentruntime.requests.InputException;
import jakarta.json.JsonObject;

/** What requests may ask for and only AWS has: who asks is told, and not left to believe that it was done. */
final class Unsupported {

    private Unsupported() {}

    /** @throws InputException something of it is asked for */
    static void check(JsonObject input) {
        if (!Views.object(input, "tags").isEmpty()) {
            throw InputException.invalid("tags", "are kept for agent runtimes and endpoints only; leave them out");
        }
        if (input.containsKey("encryptionKeyArn")) {
            throw InputException.invalid("encryptionKeyArn", "names a key of KMS, which this platform does not have; leave it out, and encrypt the database's disk");
        }
        if (!Views.array(Views.object(input, "streamDeliveryResources"), "resources").isEmpty()) {
            throw InputException.invalid("streamDeliveryResources", "names a stream of Kinesis, which this platform does not have; leave it out");
        }
    }
}
