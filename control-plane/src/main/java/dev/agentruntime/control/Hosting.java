package dev.agentruntime.control;

import dev.agentruntime.api.AgentRuntimeView;
import java.util.List;

/** What the control plane sees of the platform that prepares agents and serves them. Thread-safe; does not block. */
interface Hosting {

    /** How far a version is that has been offered. */
    Progress progress(String runtime, int version);

    /** The agent runtimes that others have made: those of server.xml and of the drop-in folder. */
    List<AgentRuntimeView> others();
}
