package dev.agentruntime.requests;

import dev.agentruntime.api.RoomOperations.Request;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Puts the parts of a request together, from its path, query and body, as restJson1 distributes them, and checks them. */
public record Requests(Shapes shapes) {

    /** The largest body: 50 variables of 5,000 characters, in up to six bytes each, and the rest. */
    public static final int MOST_BYTES = 2 << 20;

    /**
     * The input of an operation, without members that it does not know. Blocks while the body arrives.
     *
     * @throws InputException what is wrong with it
     */
    public JsonObject input(Shapes.Operation operation, Request request) {
        Shape.Structure input = shapes.structure(operation.input());
        byte[] bytes = bytes(request.body()); // one that was signed is the right one only once it is read, though nothing of it counts
        JsonObject body = input.members().values().stream().anyMatch(member -> member.place() == Shape.Place.BODY)
                ? body(bytes) : JsonValue.EMPTY_JSON_OBJECT;
        JsonObjectBuilder all = Json.createObjectBuilder();
        input.members().forEach((name, member) -> value(member, request, body).ifPresent(value -> all.add(name, value)));
        JsonObject built = all.build();
        List<FieldProblem> problems = Check.of(shapes, operation.input(), built);
        if (!problems.isEmpty()) {
            throw InputException.invalid(problems);
        }
        return new KnownMembers(shapes).of(operation.input(), built).asJsonObject();
    }

    private Optional<JsonValue> value(Shape.Member member, Request request, JsonObject body) {
        return switch (member.place()) {
            case BODY -> Optional.ofNullable(body.get(member.as())).filter(value -> value != JsonValue.NULL);
            case PATH -> Optional.ofNullable(request.path().get(member.as())).map(Json::createValue);
            case QUERY -> query(shapes.shape(member.shape()), request.query().getOrDefault(member.as(), List.of()));
        };
    }

    private static Optional<JsonValue> query(Shape shape, List<String> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (shape instanceof Shape.ListOf) {
            JsonArrayBuilder list = Json.createArrayBuilder();
            values.forEach(list::add);
            return Optional.of(list.build());
        }
        return Optional.of(shape instanceof Shape.Whole ? number(values.get(0)) : Json.createValue(values.get(0)));
    }

    /** What is no number stays text, which the check refuses. */
    private static JsonValue number(String text) {
        try {
            return Json.createValue(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Json.createValue(text);
        }
    }

    private static byte[] bytes(InputStream in) {
        try {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw InputException.tooLarge("The body has more than " + MOST_BYTES + " bytes.");
            }
            return bytes;
        } catch (IOException e) {
            throw InputException.invalid(InputException.Reason.CANNOT_PARSE, "The body did not arrive: " + e.getMessage());
        }
    }

    private static JsonObject body(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes)).toString();
            return text.isBlank() ? JsonValue.EMPTY_JSON_OBJECT : parsed(text);
        } catch (CharacterCodingException e) {
            throw InputException.invalid(InputException.Reason.CANNOT_PARSE, "The body is not UTF-8.");
        }
    }

    private static JsonObject parsed(String text) {
        try (JsonParser parser = Json.createParser(new StringReader(text))) {
            if (parser.next() == JsonParser.Event.START_OBJECT) {
                JsonObject object = parser.getObject();
                parser.hasNext(); // throws where something follows
                return object;
            }
        } catch (RuntimeException notJson) {
            // Parsers throw more than JsonException: at numbers that are too large, at values that are nested too deeply.
            throw InputException.invalid(InputException.Reason.CANNOT_PARSE, "The body is no JSON: " + notJson.getMessage());
        }
        throw InputException.invalid(InputException.Reason.CANNOT_PARSE, "The body is no JSON object.");
    }
}
