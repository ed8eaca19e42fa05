package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class KeepAliveTest {

    @Test
    void aCallerThatDoesNotAnswerForFiftySecondsIsFoundGone() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket caller = new Socket(server.getInetAddress(), server.getLocalPort()); Socket accepted = server.accept()) {
            assertThat(caller.isConnected()).isTrue();
            KeepAlive.on(accepted);
            assertThat(accepted.getKeepAlive()).isTrue();
            assertThat(accepted.getOption(ExtendedSocketOptions.TCP_KEEPIDLE) + accepted.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)
                    * accepted.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT)).isEqualTo(50);
        }
    }

    @Test
    void aSocketThatIsClosedIsLeftAlone() throws IOException {
        Socket closed = new Socket();
        closed.close();
        assertThatCode(() -> KeepAlive.on(closed)).doesNotThrowAnyException();
    }
}
