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
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** This room's operations, bound to paths and verbs as AgentCore's models have them. */
final class IdentityDoor implements RoomOperations {

    private static final Logger LOG = Logger.getLogger(IdentityDoor.class.getName());
    private static final int NO_CONTENT = 204;
    /** What users do for themselves, and administrators for all. */
    private static final Set<String> OF_USERS = Set.of("CompleteResourceTokenAuth", "ListGrants", "DeleteGrant");
    private static final String TOKEN = "workloadIdentityToken";

    /** Does an operation; the request says who asks. */
    interface Work {
        JsonObject run(Request request, JsonObject input);
    }

    private final List<Row> rows;
    private final Map<String, Guarded> operations;
    private final BiConsumer<JsonObject, IdentityException> refused;

    /** An operation that first has a token judged that it is shown, by whoever knows where the request comes from. */
    private interface Guarded {
        Answer serve(Request request, Consumer<String> gate);
    }

    /**
     * @param models  the operations of each model
     * @param work    what is done for each of them
     * @param outside judges the workload access token of a request that comes to the front door
     * @param refused told of each request whose token is not taken
     */
    IdentityDoor(List<Shapes> models, Map<String, Work> work, Consumer<String> outside, BiConsumer<JsonObject, IdentityException> refused) {
        this.refused = refused;
        operations = models.stream().flatMap(model -> {
            Requests requests = new Requests(model);
            return model.operations().values().stream().map(operation -> Map.entry(operation.name(), guarded(operation, requests, work.get(operation.name()))));
        }).collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        rows = models.stream().flatMap(model -> model.operations().values().stream()).map(operation -> new Row(operation.name(), operation.method(),
                operation.path(), who(operation.name()), request -> serve(operation.name(), request, outside))).toList();
    }

    private Guarded guarded(Shapes.Operation operation, Requests requests, Work work) {
        return (request, gate) -> answered(operation, () -> {
            JsonObject input = requests.input(operation, request);
            if (input.containsKey(TOKEN)) {
                judge(input, gate);
            }
            return work.run(request, input);
        });
    }

    private void judge(JsonObject input, Consumer<String> gate) {
        try {
            gate.accept(input.getString(TOKEN));
        } catch (IdentityException notTaken) {
            refused.accept(input, notTaken);
            throw notTaken;
        }
    }

    /** The name of the operation at a path; empty where there is none. */
    Optional<String> at(String method, String path) {
        return rows.stream().filter(row -> row.method().equals(method) && row.path().equals(path)).map(Row::name).findFirst();
    }

    /** Serves a request that does not come to the front door. */
    Answer serve(String operation, Request request, Consumer<String> gate) {
        return operations.get(operation).serve(request, gate);
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
