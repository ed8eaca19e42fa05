package dev.agentruntime.tests.talking;

import jakarta.websocket.CloseReason;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends back what comes, and closes with the code that it is told. */
@ServerEndpoint("/ws")
public final class Echoes {

    private static final int MOST = 128 * 1024;

    /** Made by the container, one for each WebSocket. */
    public Echoes() {
    }

    /** A message of bytes. */
    @OnMessage(maxMessageSize = MOST)
    public void bytes(ByteBuffer message, Session session) throws IOException {
        session.getBasicRemote().sendBinary(message);
    }

    /** A message of text. */
    @OnMessage(maxMessageSize = MOST)
    public void text(String message, Session session) throws IOException {
        if (message.startsWith("close ")) {
            int code = Integer.parseInt(message.substring("close ".length()));
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), "as you wish"));
        } else {
            session.getBasicRemote().sendText(message);
        }
    }
}
