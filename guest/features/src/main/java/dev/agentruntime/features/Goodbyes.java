package dev.agentruntime.features;

import java.util.List;
import java.util.Set;

/**
 * Whether an application may do something when it is stopped. What its classes mention tells: one that only calls such a method, or
 * that extends a listener of a library, counts too. Not thread-safe.
 */
final class Goodbyes {

    /** The texts of a class that has a method for its end, by the means of Jakarta EE and of the Agent SDK. */
    private static final Set<String> MEANS = Set.of("Ldev/agentruntime/sdk/BeforeEnd;", "Ljakarta/annotation/PreDestroy;", "jakarta/servlet/ServletContextListener",
            "Ljakarta/enterprise/inject/Disposes;", "Ljakarta/enterprise/context/BeforeDestroyed;", "Ljakarta/enterprise/context/Destroyed;",
            "jakarta/enterprise/inject/spi/BeforeShutdown", "jakarta/enterprise/event/Shutdown");
    /** A servlet or a filter has an empty one from the class or the interface that it is made from. */
    private static final String DESTROY = "destroy";
    private static final List<String> DESTROYED = List.of("jakarta/servlet/Servlet", "jakarta/servlet/GenericServlet", "jakarta/servlet/http/HttpServlet",
            "jakarta/servlet/Filter", "jakarta/servlet/GenericFilter", "jakarta/servlet/http/HttpFilter");
    /** The SDK's own listener has nothing to save. */
    private static final String SDK = "dev.agentruntime.sdk.";

    private boolean any;

    /** @param texts of the class, those that have a slash and {@value #DESTROY} */
    void look(String className, List<String> texts) {
        any = any || !className.startsWith(SDK)
                && (texts.stream().anyMatch(MEANS::contains) || texts.contains(DESTROY) && DESTROYED.stream().anyMatch(texts::contains));
    }

    /** Something could not be read. */
    void unknown() {
        any = true;
    }

    boolean any() {
        return any;
    }
}
