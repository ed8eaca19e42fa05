package dev.agentruntime.api;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Operations that a room adds to the front door, such as those of the control plane. A room registers this as an OSGi service
 * that has a name in JNDI, where the front door looks it up. Thread-safe.
 */
public interface RoomOperations {

    /** The control plane's name in JNDI. */
    String CONTROL_JNDI_NAME = "agent/control";

    /** The name in JNDI of the room that accounts for usage. */
    String ACCOUNTING_JNDI_NAME = "agent/accounting";

    /** The name in JNDI of the room that has the identities of workloads. */
    String IDENTITY_JNDI_NAME = "agent/identity";

    /** The name in JNDI of the room that has the memories of agents. */
    String MEMORY_JNDI_NAME = "agent/memory";

    /** Every operation; always the same ones. Does not block. */
    List<Row> operations();

    /**
     * Whether what has an ARN of this region and account is this server's. Does not block.
     *
     * @param region empty where it is not known
     */
    default boolean isOwn(Optional<String> region, String account) {
        return true;
    }

    /** Who may ask for an operation. */
    enum Who {
        /** Whoever may invoke agents, and administrators. */
        INVOKER,
        /** Administrators only. */
        ADMIN,
        /** Whoever comes, as a browser does that another site has sent: the request's caller is {@link Caller#NOBODY}, and its body is not read. */
        ANYBODY
    }

    /**
     * One operation.
     *
     * @param name    unique in its room
     * @param method  the HTTP method it is asked for with
     * @param path    below the front door's root; a segment in braces stands for any text and names it; a slash at the end counts
     * @param who     who may ask for it
     * @param handler does it
     */
    record Row(String name, String method, String path, Who who, Handler handler) {}

    /** Does an operation. */
    @FunctionalInterface
    interface Handler {
        /** Returns the answer, also where it is a refusal. May block, on the thread of its caller alone. */
        Answer serve(Request request);
    }

    /**
     * A request for an operation, by somebody who may ask for it.
     *
     * @param path   what the named segments of the path are, decoded
     * @param query  the values of each parameter of the query, decoded, in their order
     * @param header the header of a name in small letters; empty where it was not sent
     * @param body   as it comes; reading it blocks at the pace of the caller
     * @param length of the body in bytes; empty where nothing says so beforehand
     * @param caller who asks
     */
    record Request(Map<String, String> path, Map<String, List<String>> query, Header header, InputStream body,
            Optional<Long> length, Caller caller) {}

    /** The headers of a request. */
    @FunctionalInterface
    interface Header {
        /** @param name in small letters */
        Optional<String> get(String name);
    }

    /**
     * An answer.
     *
     * @param status  its HTTP status
     * @param headers beside those of the body
     * @param type    the media type of its body
     * @param body    empty text for none
     */
    record Answer(int status, Map<String, String> headers, String type, String body) {
        public Answer {
            headers = Map.copyOf(headers);
        }

        /** An answer whose body is JSON. */
        public Answer(int status, Map<String, String> headers, String json) {
            this(status, headers, "application/json", json);
        }
    }
}
