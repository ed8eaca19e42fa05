package dev.agentruntime.console;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Asks the server's user registry, whichever it is. Whoever is let in is logged out again at once: Liberty's single sign-on would otherwise have
 * their cookie count for every application of the server, and the console has visits of its own.
 *
 * @param request the one that brings the password; it is answered by whoever asks
 */
record RegistryDoor(HttpServletRequest request) implements Door {

    private static final String ADMIN = "agent-admin";
    private static final String INVOKER = "agent-invoker";

    @Override
    public Outcome enter(String user, String password) {
        if (user.isEmpty() || password.isEmpty()) {
            return new Outcome.Wrong();
        }
        try {
            if (request.getUserPrincipal() != null) {
                request.logout();
            }
            request.login(user, password);
        } catch (ServletException wrong) {
            return new Outcome.Wrong();
        }
        try {
            boolean admin = request.isUserInRole(ADMIN);
            return admin || request.isUserInRole(INVOKER) ? new Outcome.In(new Person(request.getUserPrincipal().getName(), admin)) : new Outcome.NoRole();
        } finally {
            logOut();
        }
    }

    private void logOut() {
        try {
            request.logout();
        } catch (ServletException e) {
            throw new IllegalStateException("Liberty does not log out whom it has just logged in: " + e.getMessage(), e);
        }
    }
}
