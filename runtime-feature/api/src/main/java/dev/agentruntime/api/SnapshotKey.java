package dev.agentruntime.api;

/**
 * Opens a snapshot in a later run of the server. Whoever has it and the snapshot's file reads the memory of its session, so it is kept
 * where the file is not, and in no log.
 *
 * @param text as the driver has made it; only the driver knows what it says
 */
public record SnapshotKey(String text) {

    /** Without the text. */
    @Override
    public String toString() {
        return "SnapshotKey[secret]";
    }
}
