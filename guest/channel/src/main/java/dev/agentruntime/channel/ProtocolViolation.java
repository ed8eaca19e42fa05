package dev.agentruntime.channel;

import java.io.IOException;

/** The peer broke the protocol; the message is a sentence that says how. */
final class ProtocolViolation extends IOException {

    ProtocolViolation(String message) {
        super(message);
    }
}
