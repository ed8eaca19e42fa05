package dev.agentruntime.rehearsal;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Where {@link Prompter} is found. */
@ApplicationPath("/rest")
public class Stage extends Application {
}
