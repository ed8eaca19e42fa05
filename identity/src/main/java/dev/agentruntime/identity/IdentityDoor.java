package dev.agentruntime.identity;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.requests.ErrorAnswer;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.requests.Requests;
import dev.agentruntime.requests.Shapes;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/** This room's operations, bound to paths and verbs as AgentCore's models have them. */
final class IdentityDoor implements RoomOperations {

    private static final Logger LOG = Logger.getLogger(IdentityDoor.class.getName());
    private static final int NO_CONTENT = 204;
    /** What users do for themselves, and administrators for all. */
    private static final Set<String> OF_USERS = Set.of("CompleteResourceTokenAuth", "ListGrants", "DeleteGrant");

    /** Does an operation; the request says who asks. */
    interface Work {
        JsonObject run(Request request, JsonObject input);
    }

    private final List<Row> rows;

    /**
     * @param models the operations of each model
     * @param work   what is done for each of them
     */
    IdentityDoor(List<Shapes> models, Map<String, Work> work) {
        rows = models.stream().flatMap(model -> {
            Requests requests = new Requests(model);
            return model.operations().values().stream().map(operation -> new Row(operation.name(), operation.method(), operation.path(), who(operation.name()),
                    request -> answered(operation, () -> work.get(operation.name()).run(request, requests.input(operation, request)))));
        }).toList();
    }

    private static Who who(String operation) {
        return OF_USERS.contains(operation) ? Who.INVOKER : Who.ADMIN;
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
            JsonObject output = work.get();
            return new Answer(operation.status(), Map.of(), operation.status() == NO_CONTENT ? "" : output.toString());
        } catch (IdentityException refused) {
            LOG.log(Level.FINE, refused, () -> operation.name() + " was refused.");
            return ErrorAnswer.of(refused.kind().status(), refused.kind().type(), refused.getMessage());
        } catch (InputException invalid) {
            LOG.log(Level.FINE, invalid, () -> operation.name() + " was refused.");
            return ErrorAnswer.of(invalid);
        } catch (BodyRefusedException notWhatWasSigned) {
            throw notWhatWasSigned;
        } catch (RuntimeException e) {
            IdentityMessage.UNEXPECTED.log(LOG, e, "serving " + operation.name(), e.toString());
            return ErrorAnswer.of(IdentityException.Kind.INTERNAL.status(), IdentityException.Kind.INTERNAL.type(),
                    "The platform failed. The server's log has the details; try again, and tell its operator if it goes on.");
        }
    }
}
