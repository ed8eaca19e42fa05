package dev.agentruntime.sdk;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** POST /invocations. */
final class InvocationsServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final transient AgentApplication application;
    private final transient Path documents;

    /** @param documents the folder in which the container, too, keeps the parts of forms */
    InvocationsServlet(AgentApplication application, Path documents) {
        this.application = application;
        this.documents = documents;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        InvocationContext context;
        try {
            context = InvocationContext.of(request, application.sessionId(), application.tasks());
        } catch (BadRequestException refusal) {
            Responses.json(response, HttpServletResponse.SC_BAD_REQUEST, Errors.body(refusal));
            return;
        }
        Optional<byte[]> warmUp = context.isWarmUp() ? application.entrypoint().warmUp() : Optional.empty();
        Body body = Body.of(request, warmUp, documents);
        Answer answer = new Answer(application, request, response,
                "Request " + context.requestId() + " of session " + context.sessionId(), body::close);
        try {
            answer(answer, body, context, warmUp.isPresent());
        } finally {
            answer.returned();
        }
    }

    private void answer(Answer answer, Body body, InvocationContext context, boolean intoTheMethod) throws IOException {
        Object result;
        try {
            Entrypoint entrypoint = application.entrypoint();
            Object[] arguments = entrypoint.arguments(body, application.json(), context);
            result = context.isWarmUp() && !intoTheMethod
                    ? WarmUp.answerLike(entrypoint.result())
                    : entrypoint.call(application.instance(), arguments);
        } catch (Throwable e) {
            answer.fail(e);
            return;
        }
        answer.give(result);
    }
}
