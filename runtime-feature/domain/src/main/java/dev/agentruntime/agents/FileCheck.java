package dev.agentruntime.agents;

import java.nio.file.Path;
import java.time.Duration;

/** A place in the file system that is checked once a second. */
interface FileCheck {

    Path place();

    /**
     * Checks the place. Blocks on the file system, for ever where that does not answer.
     *
     * @param alive to be called between the steps of a check that takes long
     */
    void run(Runnable alive);

    /** The check did not return for {@code time} and is left alone until it does. Called once each time; does not block. */
    void hangs(Duration time);
}
