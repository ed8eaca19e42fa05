package dev.agentruntime.sdk;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** POST /invocations. */
final class InvocationsServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final transient AgentApplication application;

    InvocationsServlet(AgentApplication application) {
        this.application = application;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        InvocationContext context = InvocationContext.of(request, application.sessionId(), application.tasks());
        Answer answer = new Answer(application, request, response,
                "Request " + context.requestId() + " of session " + context.sessionId());
        Object result;
        try {
            Object[] arguments = application.entrypoint()
                    .arguments(request.getInputStream(), charset(request), application.json(), context);
            result = context.header(WarmUp.ASKED).isPresent()
                    ? WarmUp.ANSWER
                    : application.entrypoint().call(application.instance(), arguments);
        } catch (Throwable e) {
            answer.fail(e);
            return;
        }
        answer.give(result);
    }

    private static Charset charset(HttpServletRequest request) {
        String name = request.getCharacterEncoding();
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("Invalid encoding", "This server does not know the character set " + name, e);
        }
    }
}
