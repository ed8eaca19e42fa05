package dev.agentruntime.logs;

/** What a guest sends is no log. The message tells why, and holds nothing of what was sent. */
final class GuestLogException extends RuntimeException {

    GuestLogException(String message) {
        super(message);
    }
}
