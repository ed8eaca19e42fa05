package dev.agentruntime.egress;

import dev.agentruntime.api.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port of a guest: each connection to it becomes a stream to the host, as the guest's supervisor does it. */
final class GuestPort implements AutoCloseable {

    private final SessionWay way;
    private final Target target;
    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    GuestPort(SessionWay way, String target) {
        try {
            this.way = way;
            this.target = new Target(target);
            this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(8_000);
        return socket;
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = listener.accept();
            sockets.add(socket);
            TestStream stream = new TestStream();
            way.opened(target, stream);
            thread(() -> toHost(socket, stream));
            thread(() -> fromHost(socket, stream));
        }
    }

    private static void toHost(Socket socket, TestStream stream) throws Exception {
        byte[] bytes = new byte[32 * 1024];
        try {
            InputStream in = socket.getInputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                stream.fromGuest.put(bytes, count);
            }
            stream.fromGuest.end();
        } catch (IOException reset) {
            stream.close();
        }
    }

    private static void fromHost(Socket socket, TestStream stream) throws Exception {
        byte[] bytes = new byte[32 * 1024];
        try {
            OutputStream out = socket.getOutputStream();
            for (int count = stream.toGuest.take(bytes); count >= 0; count = stream.toGuest.take(bytes)) {
                out.write(bytes, 0, count);
            }
            socket.shutdownOutput();
        } catch (IOException reset) {
            socket.setSoLinger(true, 0);
            socket.close();
            stream.close();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void thread(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception closed) {
                // Ends the thread; what the guest sees of it is what is tested.
            }
        }, "guest");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
