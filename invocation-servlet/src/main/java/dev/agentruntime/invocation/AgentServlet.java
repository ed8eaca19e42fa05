package dev.agentruntime.invocation;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Every path of the front door: finds the operation in the table, and who asks for it. */
public final class AgentServlet extends HttpServlet {

    @Inject
    private transient Platform platform;
    private transient FrontDoor door;
    private transient Operations operations;
    private transient Doorman doorman;
    private transient WaitingReads waiting;

    @Override
    public void init() {
        door = FrontDoor.open(FrontDoorLimits.of(getServletContext()));
        operations = Operations.of(platform, door);
        doorman = new Doorman(platform, door.client().executor());
        waiting = new WaitingReads();
        Rehearsal.begin(door.client(), getServletContext());
    }

    @Override
    public void destroy() {
        door.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        String id = UUID.randomUUID().toString();
        response.setHeader(Headers.REQUEST_ID, id);
        CrossOrigin.complete(request, response);
        Optional<Refusal> unclear = Framing.problem(request);
        if (unclear.isPresent() || Framing.isUnsaid(request)) {
            response.setHeader("Connection", "close"); // what follows may be body or request
        }
        if (unclear.isPresent()) {
            Answers.refuse(response, unclear.get());
            return;
        }
        if (request.getMethod().equals("OPTIONS")) { // the one method that needs no token: it learns nothing of any path
            Answers.refuse(response, Refusal.ofStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                    "OPTIONS serves browsers' preflight requests only, where the server has a <cors> element for them"));
            return;
        }
        namedSession(request).ifPresent(session -> response.setHeader(Headers.SESSION_ID, session));
        try {
            serve(SubprotocolToken.of(request), response);
        } catch (RequestException refused) {
            Answers.refuse(response, Refusal.of(refused));
        } catch (BodyRefusedException refused) {
            response.setHeader("Connection", "close"); // the rest of it would have to be read before another request
            Answers.refuse(response, Refusal.of(refused));
        } catch (RuntimeException e) {
            InvocationMessage.REQUEST_FAILED.log(e, id, request.getMethod(), request.getRequestURI(), e.getMessage());
            Answers.refuse(response, Refusal.of(e));
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
        String path = PathPattern.below(request.getContextPath(), request.getRequestURI());
        Optional<String> described = ProtectedResource.asked(request, path);
        if (described.isPresent()) { // before anybody can have a token
            doorman.describe(request, response, described.get());
            return;
        }
        List<Operations.Found> found = operations.at(path);
        Optional<Operations.Found> operation = Operations.withMethod(found, request.getMethod());
        if (operation.filter(one -> one.operation().who() == Operation.Who.ANYBODY).isPresent()) { // a browser that another site has sent has no token
            Operations.Found open = operation.get();
            open.operation().handler().serve(new Operation.Call(request, response, open.path(), Caller.NOBODY, waiting));
            return;
        }
        Optional<Doorman.Guest> guest = doorman.admit(request, response, found, operation);
        if (guest.isEmpty()) {
            return;
        }
        if (found.isEmpty()) {
            throw new RequestException(Kind.NOT_FOUND, "There is nothing at this path; agents are at "
                    + request.getContextPath() + "/runtimes");
        }
        if (operation.isEmpty()) {
            response.setHeader("Allow", Operations.methods(found));
            Answers.refuse(response, Refusal.ofStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED,
                    "This path knows only " + Operations.methods(found)));
            return;
        }
        Caller caller = guest.get().caller().get();
        Operation asked = operation.get().operation();
        if (!asked.who().includes(caller)) {
            throw new RequestException(Kind.FORBIDDEN, "This needs the role agent-admin, or an access key with admin=\"true\"");
        }
        operations.checkHere(operation.get().path(), Query.of(request));
        platform.count(caller);
        asked.handler().serve(new Operation.Call(guest.get().request(), response, operation.get().path(), caller, waiting));
    }

    /** The session the caller names, where it can stand in an answer's header. */
    private static Optional<String> namedSession(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader(Headers.SESSION_ID))
                .filter(id -> id.length() <= 256 && id.chars().allMatch(c -> c > ' ' && c < 0x7f));
    }
}
