package dev.agentruntime.invocation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Messages of AWS's event stream encoding ({@code application/vnd.amazon.eventstream}), with a payload of JSON. */
final class EventStream {

    static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

    private static final int TEXT = 7;
    /** Total length, length of the headers, and the checksum of both. */
    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;

    private EventStream() {}

    /** An event of a type. */
    static byte[] event(String type, String json) {
        return message("event", ":event-type", type, json);
    }

    /** What ends the stream although nothing is at its end. */
    static byte[] exception(String type, String json) {
        return message("exception", ":exception-type", type, json);
    }

    private static byte[] message(String kind, String typeHeader, String type, String json) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(typeHeader, type);
        headers.put(":content-type", "application/json");
        headers.put(":message-type", kind);
        byte[] head = encoded(headers);
        byte[] payload = json.getBytes(StandardCharsets.UTF_8);
        int length = PRELUDE + head.length + payload.length + CHECKSUM;
        ByteBuffer message = ByteBuffer.allocate(length).putInt(length).putInt(head.length);
        message.putInt(checksum(message)).put(head).put(payload);
        return message.putInt(checksum(message)).array();
    }

    private static byte[] encoded(Map<String, String> headers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            out.write(name.length());
            out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
            out.write(TEXT);
            out.write(text.length >> 8);
            out.write(text.length);
            out.writeBytes(text);
        });
        return out.toByteArray();
    }

    /** Of what has been written so far. */
    private static int checksum(ByteBuffer message) {
        CRC32 crc = new CRC32();
        crc.update(message.array(), 0, message.position());
        return (int) crc.getValue();
    }
}
