package dev.agentruntime.invocation;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Agents that serve a WebSocket, in their own ways. */
final class WebSocketModes {

    private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: (.*)\r\n");
    private static final Pattern PROTOCOL = Pattern.compile("(?i)Sec-WebSocket-Protocol: ([^,\r]*)");

    /** The head of the last request. */
    static volatile String lastHead = "";

    private WebSocketModes() {}

    private static void accept(String head, RawAgent.Connection to, String more) throws IOException {
        lastHead = head;
        Matcher key = KEY.matcher(head);
        if (!key.find()) {
            to.send("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        Matcher protocol = PROTOCOL.matcher(head);
        to.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + WebSocketHandshake.accept(key.group(1)) + "\r\n" + (protocol.find() ? "Sec-WebSocket-Protocol: " + protocol.group(1) + "\r\n" : "")
                + "\r\n" + more);
    }

    private static void send(RawAgent.Connection to, byte[] frame) throws IOException {
        to.out().write(frame);
        to.out().flush();
        to.sent().addAndGet(frame.length);
    }

    /** Sends back what comes, a close frame too. */
    static void echo(String head, RawAgent.Connection to) throws IOException {
        accept(head, to, "");
        Frames.Frame frame;
        do {
            frame = Frames.read(to.in());
            send(to, Frames.plain(frame.opcode() == Frames.PING ? Frames.FIN | Frames.PONG : frame.first(), frame.payload()));
        } while (frame.opcode() != Frames.CLOSE);
        throw new IOException("closed");
    }

    /** Reads nothing. */
    static void slow(String head, RawAgent.Connection to) throws IOException {
        accept(head, to, "");
        to.ignore();
    }

    /** Sends without end. */
    static void flood(String head, RawAgent.Connection to) throws IOException {
        accept(head, to, "");
        byte[] frame = Frames.plain(Frames.FIN | Frames.BINARY, new byte[64 * 1024]);
        while (true) {
            send(to, frame);
        }
    }

    /** Says something at once, and closes. */
    static void close(String head, RawAgent.Connection to) throws IOException {
        accept(head, to, "");
        send(to, Frames.plain(Frames.FIN | Frames.TEXT, "bye".getBytes()));
        send(to, Frames.close(4001, false));
        Frames.read(to.in());
        throw new IOException("closed");
    }

    /** Dies in the midst. */
    static void gone(String head, RawAgent.Connection to) throws IOException {
        accept(head, to, "");
        send(to, Frames.plain(Frames.FIN | Frames.TEXT, "still".getBytes()));
        throw new IOException("gone");
    }

    /** Sends what servers do not. */
    static void masked(String head, RawAgent.Connection to) throws IOException {
        accept(head, to, "");
        send(to, Frames.masked(Frames.FIN | Frames.TEXT, "odd".getBytes()));
        to.hold();
    }

    /** Has not read the key. */
    static void badAccept(String head, RawAgent.Connection to) throws IOException {
        to.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n");
        to.hold();
    }
}
