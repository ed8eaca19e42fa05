package dev.agentruntime.tests;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** An ordinary application on the same server: it must not notice the agents beside it. */
@WebServlet("/hello")
public class Neighbour extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient Greeter greeter;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter().print(greeter.greet());
    }

    /** Shows that the application's own CDI works. */
    @ApplicationScoped
    public static class Greeter {

        /** Greets. */
        public String greet() {
            return "an ordinary application";
        }
    }
}
