package dev.agentruntime.invocation;

import dev.agentruntime.api.InvocationRequest.Purpose;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Target;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import java.util.regex.Pattern;

/** What in a VM a caller wants to be connected with. */
enum WebSocketAim {

    /** The agent's own WebSocket. */
    AGENT(Target.AGENT, Purpose.AGENT) {
        @Override
        String path(Query query) {
            return "/ws";
        }

        @Override
        Refusal refusal(Fault fault) {
            Refusal refusal = fault.refusal();
            return fault.status() == HttpServletResponse.SC_NOT_FOUND ? refusal.saying("The agent serves no WebSocket at /ws") : refusal;
        }
    },

    /** A shell on a terminal. */
    SHELL(new Target("shell"), Purpose.SYSTEM) {
        @Override
        String path(Query query) {
            String id = query.first("shellId").orElseGet(() -> UUID.randomUUID().toString());
            if (!SHELL_ID.matcher(id).matches()) {
                throw new RequestException(Kind.VALIDATION, "'shellId' is 1 to 128 letters, digits, '_' and '-', the first a letter or digit");
            }
            return "/ws/shells?shellId=" + id;
        }

        @Override
        Refusal refusal(Fault fault) {
            return fault.status() == TOO_MANY ? Refusal.of(Kind.THROTTLED, fault.words())
                    : Refusal.of(Kind.PLATFORM, "The VM could not start a shell: " + Fault.excerpt(fault.words()));
        }
    };

    private static final int TOO_MANY = 429;
    private static final Pattern SHELL_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}");

    private final Target target;
    private final Purpose purpose;

    WebSocketAim(Target target, Purpose purpose) {
        this.target = target;
        this.purpose = purpose;
    }

    /** The stream's target in the guest. */
    Target target() {
        return target;
    }

    /** What of the VM is wanted. */
    Purpose purpose() {
        return purpose;
    }

    /**
     * Where it is served, as it goes over the wire.
     *
     * @throws RequestException the query does not say what it has to: of kind VALIDATION
     */
    abstract String path(Query query);

    /** The answer to a caller whom the guest has refused. */
    abstract Refusal refusal(Fault fault);
}
