package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/**
 * What the caller gets to see of the head of an agent's answer.
 *
 * @param length      the body's length, where the agent promised one
 * @param eventStream whether the body is one of server-sent events
 */
record AnswerHead(int status, List<HttpField> fields, OptionalLong length, boolean eventStream) {

    /** Liberty keeps 500 in a response, some of them its own, and throws at the next. */
    static final int MOST_FIELDS = 256;

    private static final byte[] BROKEN_OFF =
            "\n\nevent: error\ndata: {\"message\":\"The agent broke off before the end of its answer\"}\n\n"
                    .getBytes(StandardCharsets.UTF_8);

    /** @throws RequestException the agent's head cannot be passed on: of kind AGENT */
    static AnswerHead of(Response answer) {
        List<HttpField> fields = answer.getHeaders().stream().filter(field -> Headers.goesToCaller(field.getName())).toList();
        if (fields.size() > MOST_FIELDS) {
            throw new RequestException(Kind.AGENT, "The agent's answer has " + fields.size()
                    + " header fields that would be passed on; send " + MOST_FIELDS + " at most");
        }
        long length = answer.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        String type = answer.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return new AnswerHead(answer.getStatus(), fields, length < 0 ? OptionalLong.empty() : OptionalLong.of(length),
                type != null && type.startsWith("text/event-stream"));
    }

    /** What the caller is sent when the agent breaks off; empty where there is no form for it. */
    byte[] lastWords() {
        return eventStream ? BROKEN_OFF : new byte[0];
    }
}
