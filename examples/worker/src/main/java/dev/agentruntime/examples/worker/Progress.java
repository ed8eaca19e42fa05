package dev.agentruntime.examples.worker;

/**
 * How far the latest job is.
 *
 * @param state        {@code idle} before the first job, then {@code running}, and in the end {@code done}, {@code cancelled} or {@code failed}
 * @param secondsDone  the steps done, one a second
 * @param secondsTotal the steps of the job
 */
public record Progress(String state, long secondsDone, long secondsTotal) {
    static final Progress IDLE = new Progress("idle", 0, 0);

    boolean hasEnded() {
        return !state.equals("running");
    }
}
