package dev.agentruntime.sdk;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** GET /ping. */
final class PingServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final transient AgentApplication application;

    PingServlet(AgentApplication application) {
        this.application = application;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader(WarmUp.OFFERED, "1");
        Responses.json(response, HttpServletResponse.SC_OK, application.tasks().ping());
    }
}
