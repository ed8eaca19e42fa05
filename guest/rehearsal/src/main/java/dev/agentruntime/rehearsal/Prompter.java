package dev.agentruntime.rehearsal;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The way of agents that are Jakarta REST resources. */
@Path("/")
@RequestScoped
public class Prompter {

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Line prompt(Line line) {
        return line;
    }
}
