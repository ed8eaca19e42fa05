package dev.agentruntime.benchmarks.agent;

import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends back each message as it came. */
@ServerEndpoint("/ws")
public class FrameEcho {

    /** A message of bytes. */
    @OnMessage
    public void bytes(ByteBuffer message, Session session) throws IOException {
        session.getBasicRemote().sendBinary(message);
    }
}
