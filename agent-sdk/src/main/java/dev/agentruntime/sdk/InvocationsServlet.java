package dev.agentruntime.sdk;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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
            Entrypoint entrypoint = application.entrypoint();
            Optional<byte[]> warmUp = context.isWarmUp() ? entrypoint.warmUp() : Optional.empty();
            InputStream body = warmUp.isPresent() ? new ByteArrayInputStream(warmUp.get()) : request.getInputStream();
            Object[] arguments = entrypoint.arguments(body, charset(request), application.json(), context);
            result = context.isWarmUp() && warmUp.isEmpty()
                    ? WarmUp.answerLike(entrypoint.result())
                    : entrypoint.call(application.instance(), arguments);
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
