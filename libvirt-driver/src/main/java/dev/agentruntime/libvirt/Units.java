package dev.agentruntime.libvirt;

import java.io.IOException;

/** Units of the systemd that runs this host. Thread-safe; blocks for some tens of milliseconds. */
interface Units {

    /** Starts a unit; one that has started stays as it is. */
    void start(String unit) throws IOException;

    /** Stops a unit; one that is not there is no failure. */
    void stop(String unit) throws IOException;
}
