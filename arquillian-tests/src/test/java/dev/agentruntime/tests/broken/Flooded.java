package dev.agentruntime.tests.broken;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Set;

/** Fails the start of the WAR that carries it. */
public final class Flooded implements ServletContainerInitializer {

    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) throws ServletException {
        throw new ServletException("the cellar is flooded");
    }
}
