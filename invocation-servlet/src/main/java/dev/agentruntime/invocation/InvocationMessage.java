package dev.agentruntime.invocation;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.log.LoggedMessage;
import java.util.logging.Logger;

/** Every message this module logs; ids AGRT3000 to AGRT3999. */
enum InvocationMessage implements LoggedMessage {

    REQUEST_FAILED("AGRT3001E",
            "Request %s %s %s failed: %s",
            "The platform failed while it served the request; the caller was answered with InternalServerException.",
            "Look at the stack trace and at the messages of the same time that name the runtime or session."),
    AGENT_BROKE_OFF("AGRT3002W",
            "Invocation %s of session %s: the answer broke off after it had begun: %s",
            "The caller has the beginning of the answer with a success status. An event stream ends with an event named error;"
                    + " after any other answer the connection is closed, or over HTTP/2 the stream reset.",
            "Look at the agent's log, or for messages that say its VM died."),
    BAD_TIMEOUT("AGRT3003W",
            "%s is not a positive ISO 8601 duration for firstByteTimeout; %s is used instead.",
            "The context parameter firstByteTimeout or AGENT_RUNTIME_FIRST_BYTE_TIMEOUT cannot be read.",
            "Write it like PT15M."),
    CALLERS_NOT_WATCHED("AGRT3004W",
            "Callers who leave are not noticed until they are written to: %s",
            "The kernel's tables of TCP connections, /proc/self/net/tcp and tcp6, cannot be read. As long as that is so, X-Agent-Runtime-Cancel-On-Disconnect"
                    + " takes effect only when the agent's answer is being sent. It is tried again each second.",
            "Let the server read these files."),
    LOG_BROKE_OFF("AGRT3005W",
            "The log of session %s/%s could not be read to its end: %s",
            "The caller has the lines before. Whoever follows the log is told in an event named error; another answer is cut.",
            "See that the directory of <agentRuntimeLogs> is the server's own and that the server may read it."),
    NO_WEB_SOCKETS("AGRT3006E",
            "WebSockets cannot be read in this server: %s",
            "The front door reads WebSockets by an interface of Open Liberty's HTTP channel that this release of Open Liberty does not have."
                    + " Each is closed with 1011 as soon as it is open; all other requests are served.",
            "Use a release of Open Liberty that this one was tested with; with the beta of its Netty transport, turn that off."),
    WEB_SOCKET_FAILED("AGRT3007E",
            "A WebSocket or shell failed: %s",
            "The platform failed while it carried frames. The connection is closed and its places are given back; others go on.",
            "Look at the stack trace and at the messages of the same time that name the runtime or session."),
    NO_TOKENS("AGRT3020E",
            "This server takes no tokens: it asks callers for a user and a password. Set keystore_password in server.env, or mend the <keyStore>.",
            "Liberty falls back to Basic authentication where MicroProfile JWT has no key store. Every token is refused with 401.",
            "Set keystore_password in server.env, from which Liberty makes a key store, or mend the <keyStore> of server.xml;"
                    + " messages CWPKI say what is wrong with it.");

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.invocation");

    private final Entry entry;

    InvocationMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }

    void log(Object... arguments) {
        log(LOG, arguments);
    }

    void log(Throwable cause, Object... arguments) {
        log(LOG, cause, arguments);
    }
}
