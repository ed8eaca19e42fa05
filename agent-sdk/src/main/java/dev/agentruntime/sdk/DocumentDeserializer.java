package dev.agentruntime.sdk;

import jakarta.json.bind.serializer.DeserializationContext;
import jakarta.json.bind.serializer.JsonbDeserializer;
import jakarta.json.stream.JsonParser;
import java.lang.reflect.Type;

/** Gives a body its documents in the places of the words that stand for them. */
final class DocumentDeserializer implements JsonbDeserializer<AgentDocument> {

    @Override
    public AgentDocument deserialize(JsonParser parser, DeserializationContext context, Type type) {
        String text = parser.getString();
        return Documents.current().map(documents -> documents.named(text)).orElseThrow(() -> new IllegalStateException(
                "A document is read only as a field of the entrypoint's body, or in a list that is such a field"));
    }
}
