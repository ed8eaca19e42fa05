package dev.agentruntime.channel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** An engine whose other end is the test: bytes are put in and looked at by hand. */
final class Wire {

    static final int LARGE = 1024 * 1024;

    final Engine engine;
    final List<MuxStream> accepted = new ArrayList<>();
    Consumer<MuxStream> onAccept = accepted::add;

    private final ByteBuffer out = ByteBuffer.allocate(LARGE);

    private Wire(Role role, Limits limits) {
        engine = new Engine(role, limits, ByteBuffer.allocate(0), Runnable::run, stream -> onAccept.accept(stream), () -> { });
    }

    static Wire host() {
        return new Wire(Role.HOST, Limits.HOST);
    }

    static Wire host(Limits limits) {
        return new Wire(Role.HOST, limits);
    }

    static Wire guest() {
        return new Wire(Role.GUEST, Limits.GUEST);
    }

    static Wire guest(Limits limits) {
        return new Wire(Role.GUEST, limits);
    }

    /** Everything that goes out now, in hexadecimal digits. */
    String sent() {
        return HexFormat.of().formatHex(sentBytes());
    }

    byte[] sentBytes() {
        engine.transmit(out);
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return bytes;
    }

    void receive(String hex) throws ProtocolViolation {
        engine.receive(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
    }

    void receive(int type, int flags, int id, int length) throws ProtocolViolation {
        engine.receive(header(type, flags, id, length));
    }

    void receiveData(int flags, int id, byte[] payload) throws ProtocolViolation {
        receive(Yamux.DATA, flags, id, payload.length);
        engine.receive(ByteBuffer.wrap(payload));
    }

    static ByteBuffer header(int type, int flags, int id, int length) {
        ByteBuffer header = ByteBuffer.allocate(Yamux.HEADER);
        Yamux.header(header, type, flags, id, length);
        return header.flip();
    }
}
