package dev.agentruntime.memory;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.requests.ErrorAnswer;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.requests.Requests;
import dev.agentruntime.requests.Shapes;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/** This room's operations, bound to paths and verbs as AgentCore's models have them. */
final class MemoryDoor implements RoomOperations {

    private static final Logger LOG = Logger.getLogger(MemoryDoor.class.getName());

    /** Does an operation; the request says who asks. */
    interface Work {
        JsonObject run(Request request, JsonObject input);
    }

    /**
     * Operations of one model.
     *
     * @param work what is done for each of them
     */
    record Part(Shapes model, Who who, Map<String, Work> work) {}

    private final List<Row> rows;

    MemoryDoor(List<Part> parts) {
        rows = parts.stream().flatMap(part -> {
            Requests requests = new Requests(part.model());
            return part.model().operations().values().stream().map(operation -> new Row(operation.name(), operation.method(), operation.path(), part.who(),
                    request -> answered(operation, () -> part.work().get(operation.name()).run(request, requests.input(operation, request)))));
        }).toList();
    }

    /** One for which it does not matter who asks. */
    static Work of(UnaryOperator<JsonObject> work) {
        return (request, input) -> work.apply(input);
    }

    @Override
    public List<Row> operations() {
        return rows;
    }

    private static Answer answered(Shapes.Operation operation, Supplier<JsonObject> work) {
        try {
            return new Answer(operation.status(), Map.of(), work.get().toString());
        } catch (MemoryException refused) {
            LOG.log(Level.FINE, refused, () -> operation.name() + " was refused.");
            return ErrorAnswer.of(refused.kind().status(), refused.kind().type(), refused.getMessage());
        } catch (InputException invalid) {
            LOG.log(Level.FINE, invalid, () -> operation.name() + " was refused.");
            return ErrorAnswer.of(invalid);
        } catch (BodyRefusedException notWhatWasSigned) {
            throw notWhatWasSigned;
        } catch (RuntimeException e) {
            MemoryMessage.UNEXPECTED.log(LOG, e, "serving " + operation.name(), e.toString());
            return ErrorAnswer.of(MemoryException.Kind.INTERNAL.status(), MemoryException.Kind.INTERNAL.type(),
                    "The platform failed. The server's log has the details; try again, and tell its operator if it goes on.");
        }
    }
}
