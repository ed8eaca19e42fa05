package dev.agentruntime.examples.library;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The catalogue by HTTP. */
@Path("/books")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class BooksResource {

    @Inject
    private Catalogue catalogue;

    @GET
    public List<Book> find(@QueryParam("word") @DefaultValue("") String word) {
        return catalogue.find(word);
    }
}
