package dev.agentruntime.invocation;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/** The connection below a caller's WebSocket. Each method may be called at any time, and again. */
interface CallerLine {

    /** Nothing more is sent, which the caller sees; what it still sends can be read. */
    void end();

    /** Closes it. */
    void close();

    /**
     * Over the socket that Liberty has it on. Liberty itself would go on with HTTP when its connection is closed: it would wait for a
     * request, and take for one what a caller has sent after its last frame.
     */
    static CallerLine of(Optional<Socket> socket, WebConnection connection) {
        return new CallerLine() {
            @Override
            public void end() {
                try {
                    if (socket.isPresent()) {
                        socket.get().shutdownOutput();
                    }
                } catch (IOException closed) {
                    // By the caller.
                }
            }

            @Override
            public void close() {
                try {
                    end();
                    if (socket.isPresent()) {
                        socket.get().close();
                    }
                    connection.close();
                } catch (Exception closed) {
                    // By the caller, or before.
                }
            }
        };
    }
}
