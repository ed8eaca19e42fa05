package dev.agentruntime.examples.library;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** An application as it might run on any server; nothing in it knows of agents. */
@ApplicationPath("/")
public class LibraryApplication extends Application {
}
