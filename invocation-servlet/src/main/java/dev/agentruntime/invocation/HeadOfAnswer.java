package dev.agentruntime.invocation;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * Sends the head of an answer without a language that nobody has stated. Liberty states the server's own for each answer that
 * states none, when it makes up the head and not before. In two steps, which its public methods allow, that can be taken out
 * before the head is sent; on another container the head is sent as it is.
 */
final class HeadOfAnswer {

    private HeadOfAnswer() {}

    /** @throws IOException the caller has left */
    static void send(HttpServletResponse response) throws IOException {
        if (response.containsHeader(Headers.LANGUAGE) || !sentWithoutLanguage(response)) {
            response.flushBuffer();
        }
    }

    private static boolean sentWithoutLanguage(HttpServletResponse response) {
        try {
            ServletResponse own = response;
            while (own instanceof ServletResponseWrapper wrapper) {
                own = wrapper.getResponse();
            }
            Method makeUp = own.getClass().getMethod("flushBuffer", boolean.class);
            Object below = own.getClass().getMethod("getIResponse").invoke(own);
            Method remove = below.getClass().getMethod("removeHeader", String.class);
            Method write = below.getClass().getMethod("writeHeaders");
            makeUp.invoke(own, false);
            remove.invoke(below, Headers.LANGUAGE);
            write.invoke(below);
            return true;
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException notLiberty) {
            return false;
        }
    }
}
