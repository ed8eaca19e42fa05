package dev.agentruntime.invocation;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;

/**
 * Sends the head of an answer without a language that nobody has stated. Liberty states the server's own for each answer that
 * states none, when it makes up the head and not before. In two steps, which its public methods allow, that can be taken out
 * before the head is sent; on another container the head is sent as it is.
 */
final class HeadOfAnswer {

    private static final LibertyMethod MAKE_UP = new LibertyMethod("flushBuffer", boolean.class);
    private static final LibertyMethod BELOW = new LibertyMethod("getIResponse");
    private static final LibertyMethod REMOVE = new LibertyMethod("removeHeader", String.class);
    private static final LibertyMethod WRITE = new LibertyMethod("writeHeaders");

    private HeadOfAnswer() {}

    /** @throws IOException the caller has left */
    static void send(HttpServletResponse response) throws IOException {
        boolean stated = response.containsHeader(Headers.LANGUAGE);
        try {
            ServletResponse own = response;
            while (own instanceof ServletResponseWrapper wrapper) {
                own = wrapper.getResponse();
            }
            Object below = BELOW.on(own);
            WRITE.find(below);
            MAKE_UP.on(own, false);
            if (!stated) {
                REMOVE.on(below, Headers.LANGUAGE);
            }
            WRITE.on(below);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException notLiberty) {
            response.flushBuffer();
        }
    }
}
