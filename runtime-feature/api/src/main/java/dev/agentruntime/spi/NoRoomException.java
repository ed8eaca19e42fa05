package dev.agentruntime.spi;

/**
 * The host has no room for another VM. Nothing was started. The same call may succeed once VMs that wait for sessions
 * have been destroyed, or a session has ended.
 */
public final class NoRoomException extends VmException {

    private final long missingBytes;

    /** @param missingBytes how much memory is missing, in bytes; at least 1 */
    public NoRoomException(String message, long missingBytes) {
        super(message);
        this.missingBytes = missingBytes;
    }

    /** How much memory is missing, in bytes. */
    public long missingBytes() {
        return missingBytes;
    }
}
