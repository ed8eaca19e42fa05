package dev.agentruntime.sdk;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.HandlesTypes;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Turns a WAR with the SDK in it into an agent. Called by the servlet container at deployment, by nobody else. */
@HandlesTypes({AgentEntrypoint.class, BeforeSnapshot.class, AfterRestore.class, BeforeEnd.class})
public final class AgentInitializer implements ServletContainerInitializer {

    private static final long UNLIMITED = -1;
    private static final int ALL_IN_FILES = 0;

    /** @throws AgentDeploymentException the WAR cannot be an agent as it is */
    @Override
    public void onStartup(Set<Class<?>> annotated, ServletContext context) {
        try {
            AgentApplication application = new AgentApplication(classes(annotated, context));
            context.addListener(application);
            Path documents = documents(context);
            serve(context, "/invocations", new InvocationsServlet(application, documents))
                    .setMultipartConfig(new MultipartConfigElement(documents.toString(), UNLIMITED, UNLIMITED, ALL_IN_FILES));
            serve(context, "/ping", new PingServlet(application));
        } catch (AgentDeploymentException e) {
            // Open Liberty keeps the sentence out of its console
            System.getLogger(AgentInitializer.class.getName()).log(System.Logger.Level.ERROR, e.getMessage());
            throw e;
        }
    }

    private static Set<Class<?>> classes(Set<Class<?>> annotated, ServletContext context) {
        Set<Class<?>> classes = annotated == null ? Set.of() : annotated;
        if (AnnotatedMethods.with(AgentEntrypoint.class, classes).isEmpty()) {
            UnloadedEntrypoint.in(context).ifPresent(complaint -> {
                throw new AgentDeploymentException(complaint);
            });
        }
        return classes;
    }

    private static Path documents(ServletContext context) {
        try {
            return Files.createDirectories(((File) context.getAttribute(ServletContext.TEMPDIR)).toPath().resolve("agent-documents"));
        } catch (IOException e) {
            throw new AgentDeploymentException("There can be no folder for documents in the application's temporary folder: "
                    + Errors.message(e), e);
        }
    }

    private static ServletRegistration.Dynamic serve(ServletContext context, String path, Servlet servlet) {
        ServletRegistration.Dynamic registration = context.addServlet("agent-sdk:" + path, servlet);
        if (!registration.addMapping(path).isEmpty()) {
            throw new AgentDeploymentException("The WAR maps a servlet of its own to " + path
                    + ", which the Agent SDK serves. Map it elsewhere, or leave the SDK out of the WAR");
        }
        registration.setAsyncSupported(true);
        // with the application, not with the first request, which a clone of this JVM would have to pay for
        registration.setLoadOnStartup(1);
        return registration;
    }
}
