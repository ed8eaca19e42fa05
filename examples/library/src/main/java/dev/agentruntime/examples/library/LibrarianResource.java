package dev.agentruntime.examples.library;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** Answers questions about books, and says that it is there. These two paths are all that a platform asks of an agent. */
@Path("/")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class LibrarianResource {

    @Inject
    @RestClient
    private BooksClient books;

    @Inject
    @ConfigProperty(name = "library.greeting")
    private String greeting;

    /** What was asked. */
    public record Question(String prompt) {
    }

    /** What was found. */
    public record Answer(String greeting, List<Book> books) {
    }

    /** The state of the application. */
    public record Status(String status) {
    }

    @POST
    @Path("invocations")
    @Consumes(MediaType.APPLICATION_JSON)
    public Answer answer(Question question) {
        return new Answer(greeting, books.find(question.prompt() == null ? "" : question.prompt()));
    }

    @GET
    @Path("ping")
    public Status ping() {
        return new Status("Healthy");
    }
}
