package dev.agentruntime.invocation;

/** A frame that a WebSocket must not have, and the close code that says why (RFC 6455, section 7.4.1). */
final class FrameException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;

    FrameException(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
