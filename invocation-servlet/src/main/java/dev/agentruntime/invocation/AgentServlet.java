package dev.agentruntime.invocation;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** Every path of the front door. */
public final class AgentServlet extends HttpServlet {

    @Inject
    private transient Platform runtimes;
    private transient FrontDoor door;

    @Override
    public void init() {
        door = FrontDoor.open(FrontDoorLimits.of(getServletContext()));
    }

    @Override
    public void destroy() {
        door.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String id = UUID.randomUUID().toString();
        response.setHeader(Headers.REQUEST_ID, id);
        if (request.getMethod().equals("OPTIONS")) { // the one method that needs no token: it learns nothing of any path
            Answers.refuse(response, Refusal.ofStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                    "OPTIONS serves browsers' preflight requests only, where the server has a <cors> element for them"));
            return;
        }
        namedSession(request).ifPresent(session -> response.setHeader(Headers.SESSION_ID, session));
        try {
            serve(request, response);
        } catch (RequestException refused) {
            Answers.refuse(response, Refusal.of(refused));
        } catch (RuntimeException e) {
            InvocationMessage.REQUEST_FAILED.log(e, id, request.getMethod(), request.getRequestURI(), e.getMessage());
            Answers.refuse(response, Refusal.of(e));
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Route route = Route.of(request.getRequestURI().substring(request.getContextPath().length()));
        if (route instanceof Route.Unknown) {
            throw new RequestException(Kind.NOT_FOUND, "There is nothing at this path; agents are at "
                    + request.getContextPath() + "/runtimes");
        }
        if (!route.methods().contains(request.getMethod())) {
            String allowed = String.join(", ", new TreeSet<>(route.methods()));
            response.setHeader("Allow", allowed);
            Answers.refuse(response, Refusal.ofStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                    "This path knows only " + allowed));
            return;
        }
        Caller caller = Callers.of(request, runtimes.tenantClaim());
        if (route instanceof Route.AllRuntimes) {
            Answers.json(response, Views.runtimes(runtimes.runtimes()));
        } else if (route instanceof Route.OneRuntime one) {
            Answers.json(response, Views.runtime(runtimes.runtime(one.runtime())));
        } else if (route instanceof Route.Sessions all) {
            Answers.json(response, Views.sessions(runtimes.sessions(all.runtime(), caller)));
        } else if (route instanceof Route.Invocations invocations) {
            Exchange.begin(request, response, invocations.runtime(), caller, runtimes, door);
        } else if (route instanceof Route.OneSession one) {
            oneSession(request, response, one, caller);
        }
    }

    private void oneSession(HttpServletRequest request, HttpServletResponse response, Route.OneSession one, Caller caller)
            throws IOException {
        if (request.getMethod().equals("GET")) {
            Answers.json(response, Views.session(runtimes.session(one.runtime(), one.session(), caller)));
            return;
        }
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        runtimes.stop(one.runtime(), one.session(), caller).whenComplete((ended, failure) -> {
            try {
                stopped(response, ended, failure);
            } catch (IOException callerLeft) {
                // The session has ended all the same.
            } finally {
                async.complete();
            }
        });
    }

    private static void stopped(HttpServletResponse response, SessionView ended, Throwable failure) throws IOException {
        if (failure == null) {
            Answers.json(response, Views.session(ended));
        } else {
            Answers.refuse(response, Refusal.of(failure));
        }
    }

    /** The session the caller names, where it can stand in an answer's header. */
    private static Optional<String> namedSession(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader(Headers.SESSION_ID))
                .filter(id -> id.length() <= 256 && id.chars().allMatch(c -> c > ' ' && c < 0x7f));
    }
}
