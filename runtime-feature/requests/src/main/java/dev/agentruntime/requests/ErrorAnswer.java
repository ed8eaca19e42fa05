package dev.agentruntime.requests;

import dev.agentruntime.api.RoomOperations.Answer;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Map;

/** Refusals as AgentCore's clients read them. */
public final class ErrorAnswer {

    private static final String INVALID = "ValidationException";

    private ErrorAnswer() {}

    /** @param type the name of the exception that clients throw for it */
    public static Answer of(int status, String type, String message) {
        return answer(status, type, body(message));
    }

    /** A request that is not as its operation takes it. */
    public static Answer of(InputException invalid) {
        return invalid(invalid.status(), invalid.reason(), invalid.getMessage(), invalid.fields());
    }

    /** A request that is not valid, with what is wrong with each field. */
    public static Answer invalid(int status, InputException.Reason reason, String message, List<FieldProblem> problems) {
        JsonArrayBuilder fields = Json.createArrayBuilder();
        problems.forEach(field -> fields.add(Json.createObjectBuilder().add("name", field.name()).add("message", field.message())));
        return answer(status, INVALID, body(message).add("reason", reason.word()).add("fieldList", fields));
    }

    private static JsonObjectBuilder body(String message) {
        return Json.createObjectBuilder().add("message", message);
    }

    private static Answer answer(int status, String type, JsonObjectBuilder body) {
        return new Answer(status, Map.of("x-amzn-ErrorType", type), body.build().toString());
    }
}
