package dev.agentruntime.invocation;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;

/**
 * Has the kernel ask the other side of a connection at rest whether it is still there. A caller that has sent more than its agent reads cannot
 * even say that it closes: its last word waits behind what nobody takes.
 */
final class KeepAlive {

    private static final int IDLE_SECONDS = 20;
    private static final int BETWEEN_SECONDS = 10;
    private static final int MOST_UNANSWERED = 3;

    private KeepAlive() {}

    /** Without effect where the socket is closed, and with the kernel's own times where they cannot be set. */
    static void on(Socket socket) {
        try {
            socket.setKeepAlive(true);
            set(socket, "TCP_KEEPIDLE", IDLE_SECONDS);
            set(socket, "TCP_KEEPINTERVAL", BETWEEN_SECONDS);
            set(socket, "TCP_KEEPCOUNT", MOST_UNANSWERED);
        } catch (IOException closed) {
            // Whoever reads it finds that out.
        }
    }

    /** By its name: where its class is, applications of a server may not see. */
    private static void set(Socket socket, String name, int value) throws IOException {
        for (SocketOption<?> option : socket.supportedOptions()) {
            if (option.name().equals(name) && option.type() == Integer.class) {
                @SuppressWarnings("unchecked") // its type was looked at
                SocketOption<Integer> whole = (SocketOption<Integer>) option;
                socket.setOption(whole, value);
            }
        }
    }
}
