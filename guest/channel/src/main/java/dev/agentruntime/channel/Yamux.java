package dev.agentruntime.channel;

import java.nio.ByteBuffer;

/**
 * The numbers of the wire format: yamux, version 0, as published by HashiCorp. A frame is a header of twelve bytes in
 * network order (version, type, flags, stream id, length), followed by the payload when its type is data.
 */
final class Yamux {

    static final int VERSION = 0;
    static final int HEADER = 12;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;
    static final int ALL_FLAGS = SYN | ACK | FIN | RST;

    static final int NORMAL_END = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;

    /** Fixed by the specification. */
    static final int INITIAL_WINDOW = 256 * 1024;

    /** A rule of this link, not of the specification: it keeps streams interleaved and bounds a resynchronisation. */
    static final int MAX_PAYLOAD = 32 * 1024;

    /** A rule of this link: no honest peer lets so much be sent without reading it. */
    static final int MAX_WINDOW = 16 * 1024 * 1024;

    /** With its header it is what the virtio port takes in one piece; a remainder of a few bytes would cost as much again. */
    static final int SENT_PAYLOAD = MAX_PAYLOAD - HEADER;

    /** How many bytes a stream takes from its writer before they are on their way. */
    static final int SEND_BUFFER = 4 * SENT_PAYLOAD;

    private Yamux() {
    }

    static void header(ByteBuffer out, int type, int flags, int id, int length) {
        out.putInt(VERSION << 24 | type << 16 | flags).putInt(id).putInt(length);
    }
}
