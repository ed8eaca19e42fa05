package dev.agentruntime.supervisor;

import dev.agentruntime.channel.ControlMessage;
import java.time.Duration;

/** Reads the fields of a control message. */
final class ControlFields {
    private ControlFields() {
    }

    static String required(ControlMessage message, String key) {
        return message.field(key)
                .orElseThrow(() -> new GuestException("The request '" + message.verb() + "' lacks the field " + key + "."));
    }

    static long number(ControlMessage message, String key) {
        return parse(message, key, required(message, key));
    }

    static long number(ControlMessage message, String key, long otherwise) {
        return message.field(key).map(value -> parse(message, key, value)).orElse(otherwise);
    }

    static Duration timeout(ControlMessage message, Duration otherwise) {
        return Duration.ofMillis(number(message, "timeoutMillis", otherwise.toMillis()));
    }

    private static long parse(ControlMessage message, String key, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new GuestException("The field " + key + " of '" + message.verb() + "' is not a number: " + value, e);
        }
    }
}
