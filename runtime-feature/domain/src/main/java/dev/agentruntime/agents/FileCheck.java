package dev.agentruntime.agents;

import java.nio.file.Path;
import java.time.Duration;

/** A place in the file system that is checked once a second. Equal to itself only. */
interface FileCheck {

    /** Where it is at the moment. While a check hangs at one place, another may run at another. */
    Path place();

    /**
     * Checks the place. Blocks on the file system, for ever where that does not answer.
     *
     * @param alive to be called between the steps of a check that takes long
     */
    void run(Runnable alive);

    /** A check did not return from {@code place} for {@code time}. Called once each time; does not block. */
    void hangs(Path place, Duration time);
}
