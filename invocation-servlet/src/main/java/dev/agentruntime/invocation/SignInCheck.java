package dev.agentruntime.invocation;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Looks once after the start whether the front door takes tokens, and logs it when it does not. */
@WebListener
public final class SignInCheck implements ServletContextListener {

    private SignIn check;

    /** Creates the listener; the container does. */
    public SignInCheck() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        String path = event.getServletContext().getContextPath() + "/runtimes";
        // Liberty makes a key store while the server starts, with a program of its own; until then it asks for passwords.
        check = new SignIn(() -> endpoint().map(server -> server.resolve(path)), Duration.ofMinutes(1), Duration.ofSeconds(1),
                () -> InvocationMessage.NO_TOKENS.log());
        check.begin();
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        check.close();
    }

    /** Where this server listens for plain HTTP; empty while it does not, and where it takes HTTPS only. */
    private static Optional<URI> endpoint() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            for (ObjectName name : beans.queryNames(new ObjectName("WebSphere:feature=channelfw,type=endpoint,*"), null)) {
                String host = (String) beans.getAttribute(name, "Host");
                if (!name.getKeyProperty("name").endsWith("-ssl")) {
                    return Optional.of(URI.create("http://" + (host.equals("*") ? "localhost" : host) + ":"
                            + beans.getAttribute(name, "Port")));
                }
            }
        } catch (JMException e) {
            return Optional.empty(); // the endpoint has just gone; the next look finds out
        }
        return Optional.empty();
    }
}
