package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;

/**
 * One thing that the front door does.
 *
 * @param name    as AgentCore names it, or as rights of access keys name it where AgentCore has none
 * @param methods the HTTP methods it is asked for with
 * @param path    where
 * @param who     who may
 * @param handler does it
 */
record Operation(String name, Set<String> methods, PathPattern path, Who who, Handler handler) {

    /** Who may ask for an operation. What of it they get to see is the operation's own matter. */
    enum Who {
        /** Whoever may invoke agents, and administrators. */
        INVOKER {
            @Override
            boolean includes(Caller caller) {
                return true;
            }
        },
        /** Administrators only. */
        ADMIN {
            @Override
            boolean includes(Caller caller) {
                return caller.admin();
            }
        },
        /** Whoever comes: nobody is asked for a token. */
        ANYBODY {
            @Override
            boolean includes(Caller caller) {
                return true;
            }
        };

        /** Whether a caller who has one of the platform's roles is one of these. */
        abstract boolean includes(Caller caller);
    }

    /** Does an operation. */
    interface Handler {
        /**
         * Answers, now or later.
         *
         * @throws RequestException the request is refused; nothing has been answered
         */
        void serve(Call call) throws IOException;
    }

    /**
     * A request for an operation, by somebody who may ask for it.
     *
     * @param waiting counts who waits for its body
     */
    record Call(HttpServletRequest request, HttpServletResponse response, Map<String, String> path, Caller caller, WaitingReads waiting) {

        /**
         * The body, for who reads all of it by blocking.
         *
         * @throws BodyRefusedException reading it does: it does not arrive, comes too slowly, or beside too many others of its caller's, or is
         *                              not the one that was signed
         */
        InputStream body() {
            try {
                return waiting.counted(caller.subject(), JudgedRequest.wholeBodyOf(request));
            } catch (IOException broken) {
                throw BrokenBody.refusal(broken);
            }
        }

        /** The part of the path that the pattern calls {@code name}. */
        String path(String name) {
            return path.get(name);
        }
    }

    /** @param methods separated by spaces */
    static Operation of(String name, String methods, String path, Who who, Handler handler) {
        return new Operation(name, Set.of(methods.split(" ")), PathPattern.of(path), who, handler);
    }
}
