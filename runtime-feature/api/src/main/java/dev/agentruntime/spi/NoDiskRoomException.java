package dev.agentruntime.spi;

/**
 * A VM was not written to the disk: it would have taken more than it may, or the disk is full. Nothing was left there, and the VM is as
 * it was.
 */
public final class NoDiskRoomException extends VmException {

    public NoDiskRoomException(String message) {
        super(message);
    }

    public NoDiskRoomException(String message, Throwable cause) {
        super(message, cause);
    }
}
