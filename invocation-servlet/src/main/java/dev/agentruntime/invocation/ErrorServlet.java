package dev.agentruntime.invocation;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/** Gives the container's own refusals the same JSON form as ours. */
public final class ErrorServlet extends HttpServlet {

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object message = request.getAttribute(RequestDispatcher.ERROR_MESSAGE);
        Answers.refuse(response, Refusal.ofStatus(
                status instanceof Integer code ? code : HttpServletResponse.SC_NOT_FOUND,
                Objects.toString(message, "There is nothing at this path")));
    }
}
