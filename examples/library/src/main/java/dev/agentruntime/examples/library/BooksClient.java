package dev.agentruntime.examples.library;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/** {@link BooksResource} as its callers see it. */
@Path("/books")
@RegisterRestClient(configKey = "books")
@Produces(MediaType.APPLICATION_JSON)
public interface BooksClient {

    @GET
    List<Book> find(@QueryParam("word") String word);
}
