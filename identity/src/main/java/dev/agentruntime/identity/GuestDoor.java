package dev.agentruntime.identity;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.requests.ErrorAnswer;
import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.SessionFacts;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an agent asks of this room from inside its guest, at AgentCore's paths: credentials, for a token of its own session. */
final class GuestDoor implements GuestService {

    static final String NAME = "agent-identity";

    private static final Set<String> SERVED = Set.of("GetResourceApiKey", "GetResourceOauth2Token");

    private final IdentityDoor door;
    private final TokenGate gate;

    GuestDoor(IdentityDoor door, TokenGate gate) {
        this.door = door;
        this.gate = gate;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Answer serve(SessionFacts session, Ask ask) {
        Optional<String> operation = door.at(ask.method(), ask.path()).filter(SERVED::contains);
        if (operation.isEmpty()) {
            return ErrorAnswer.of(404, "ResourceNotFoundException", "An agent asks here for POST /identities/api-key and POST /identities/oauth2/token only.");
        }
        Request request = new Request(Map.of(), Map.of(), header -> Optional.empty(), new ByteArrayInputStream(ask.body()),
                Optional.of((long) ask.body().length), new Caller(session.owner(), session.tenant(), false));
        return door.serve(operation.get(), request, token -> gate.inside(session, token));
    }
}
