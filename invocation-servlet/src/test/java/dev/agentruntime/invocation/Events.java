package dev.agentruntime.invocation;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** Reads messages of AWS's event stream encoding, and checks them, as its clients do. */
final class Events {

    /** One message. */
    record Event(Map<String, String> headers, JsonObject json, int bytes) {}

    private Events() {}

    /** All until the end. */
    static List<Event> all(InputStream in) throws IOException {
        List<Event> events = new ArrayList<>();
        DataInputStream data = new DataInputStream(in);
        for (int first = data.read(); first >= 0; first = data.read()) {
            byte[] prelude = new byte[12];
            prelude[0] = (byte) first;
            data.readFully(prelude, 1, 11);
            events.add(read(ByteBuffer.wrap(prelude), data));
        }
        return events;
    }

    private static Event read(ByteBuffer prelude, DataInputStream data) throws IOException {
        int length = prelude.getInt();
        int headerBytes = prelude.getInt();
        check(crc(prelude.array(), 8), prelude.getInt());
        byte[] whole = new byte[length];
        System.arraycopy(prelude.array(), 0, whole, 0, 12);
        data.readFully(whole, 12, length - 12);
        check(crc(whole, length - 4), ByteBuffer.wrap(whole).getInt(length - 4));
        Map<String, String> headers = new HashMap<>();
        ByteBuffer head = ByteBuffer.wrap(whole, 12, headerBytes);
        while (head.hasRemaining()) {
            String name = text(head, head.get());
            if (head.get() != 7) {
                throw new IOException(name + " is no text");
            }
            headers.put(name, text(head, head.getShort()));
        }
        String json = new String(whole, 12 + headerBytes, length - 16 - headerBytes, StandardCharsets.UTF_8);
        return new Event(headers, Json.createReader(new StringReader(json)).readObject(), length);
    }

    private static String text(ByteBuffer from, int length) {
        byte[] text = new byte[length];
        from.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void check(int expected, int found) throws IOException {
        if (expected != found) {
            throw new IOException("The checksum is " + found + " and should be " + expected);
        }
    }

    /** What was said on one channel, put together. */
    static String said(List<Event> events, String channel) {
        StringBuilder said = new StringBuilder();
        events.stream().map(Event::json).filter(json -> json.containsKey("contentDelta")).map(json -> json.getJsonObject("contentDelta"))
                .forEach(delta -> said.append(delta.getString(channel, "")));
        return said.toString();
    }
}
