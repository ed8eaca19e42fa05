package dev.agentruntime.control;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.requests.ErrorAnswer;
import dev.agentruntime.requests.InputException;
import dev.agentruntime.requests.Requests;
import dev.agentruntime.requests.Shapes;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The control API's operations, bound to paths and verbs as AgentCore's model has them, and the upload of artifacts. */
final class ControlDoor implements RoomOperations {

    private static final Logger LOG = Logger.getLogger(ControlDoor.class.getName());
    private static final int NO_CONTENT = 204;

    private final Requests requests;
    private final Map<String, Function<JsonObject, JsonObject>> work;
    private final Artifacts artifacts;
    private final Arns arns;
    private final Runnable changed;
    private final List<Row> rows = new ArrayList<>();

    /** @param changed runs after each operation that may have changed something, before it is answered */
    ControlDoor(Shapes shapes, Runtimes runtimes, Endpoints endpoints, Tags tags, Artifacts artifacts, Arns arns, Runnable changed) {
        this.requests = new Requests(shapes);
        this.artifacts = artifacts;
        this.arns = arns;
        this.changed = changed;
        this.work = Map.ofEntries(
                Map.entry("CreateAgentRuntime", runtimes::create),
                Map.entry("GetAgentRuntime", runtimes::get),
                Map.entry("UpdateAgentRuntime", runtimes::update),
                Map.entry("DeleteAgentRuntime", runtimes::delete),
                Map.entry("ListAgentRuntimes", runtimes::list),
                Map.entry("ListAgentRuntimeVersions", runtimes::versions),
                Map.entry("CreateAgentRuntimeEndpoint", endpoints::create),
                Map.entry("GetAgentRuntimeEndpoint", endpoints::get),
                Map.entry("UpdateAgentRuntimeEndpoint", endpoints::update),
                Map.entry("DeleteAgentRuntimeEndpoint", endpoints::delete),
                Map.entry("ListAgentRuntimeEndpoints", endpoints::list),
                Map.entry("TagResource", tags::tag),
                Map.entry("UntagResource", tags::untag),
                Map.entry("ListTagsForResource", tags::list));
        shapes.operations().values().forEach(operation -> rows.add(new Row(operation.name(), operation.method(), operation.path(),
                Who.ADMIN, request -> answered(operation.name(), () -> serve(operation, request)))));
        rows.add(new Row("PutArtifact", "PUT", "/artifacts/{name}", Who.ADMIN, request -> answered("PutArtifact", () -> upload(request))));
    }

    @Override
    public List<Row> operations() {
        return List.copyOf(rows);
    }

    @Override
    public boolean isOwn(Optional<String> region, String account) {
        return arns.isOwn(region, account);
    }

    private Answer serve(Shapes.Operation operation, Request request) {
        JsonObject output = work.get(operation.name()).apply(requests.input(operation, request));
        if (!operation.method().equals("GET") && !operation.name().startsWith("List")) {
            changed.run();
        }
        return new Answer(operation.status(), Map.of(), operation.status() == NO_CONTENT ? "" : output.toString());
    }

    private Answer upload(Request request) {
        ArtifactUri.Uploaded taken = artifacts.upload(
                request.path().get("name"), request.body(), request.length(), UploadDigest.of(request.header()));
        ControlMessage.ARTIFACT_TAKEN.log(LOG, taken.name(), Sql.storable(request.caller().subject().name(), 200),
                artifacts.file(taken.digest()).toFile().length(), taken.digest());
        return new Answer(200, Map.of(), Json.createObjectBuilder()
                .add("uri", taken.text()).add("digest", "sha256:" + taken.digest()).build().toString());
    }

    private interface Work {
        Answer run();
    }

    private static Answer answered(String operation, Work work) {
        try {
            return work.run();
        } catch (ControlException refused) {
            LOG.log(Level.FINE, refused, () -> operation + " was refused.");
            return refusal(refused);
        } catch (InputException invalid) {
            LOG.log(Level.FINE, invalid, () -> operation + " was refused.");
            return ErrorAnswer.of(invalid);
        } catch (BodyRefusedException notWhatWasSigned) {
            throw notWhatWasSigned;
        } catch (RuntimeException e) {
            ControlMessage.UNEXPECTED.log(LOG, e, "serving " + operation, e.toString());
            return refusal(new ControlException(ControlException.Kind.INTERNAL,
                    "The platform failed. The server's log has the details; try again, and tell its operator if it goes on."));
        }
    }

    private static Answer refusal(ControlException refused) {
        return refused.kind() == ControlException.Kind.VALIDATION
                ? ErrorAnswer.invalid(refused.kind().status(), refused.reason(), refused.getMessage(), refused.fields())
                : ErrorAnswer.of(refused.kind().status(), refused.kind().type(), refused.getMessage());
    }
}
