package dev.agentruntime.libvirt;

import java.io.IOException;
import java.util.List;

/** Units of the systemd that runs this host. Thread-safe; blocks for some tens of milliseconds. */
interface Units {

    /** Starts a unit; one that has started stays as it is. */
    void start(String unit) throws IOException;

    /** Sets properties of a unit that has started, until it stops. */
    void limit(String unit, List<String> properties) throws IOException;

    /** Stops a unit; one that is not there is no failure. */
    void stop(String unit) throws IOException;
}
