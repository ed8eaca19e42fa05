package dev.agentruntime.conformance.parrot;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** The parrot's WebSocket: sends each message back. */
@ServerEndpoint("/ws")
public final class Repeating {

    /** Made by the server. */
    public Repeating() {}

    /** Returns what came. */
    @OnMessage
    public String repeat(String message) {
        return message;
    }
}
