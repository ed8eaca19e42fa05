package dev.agentruntime.channel;

/** Which end of the link this is. */
enum Role {

    /** yamux's client: its streams have odd ids. */
    HOST(1, 2, "guest"),

    /** yamux's server: its streams have even ids. */
    GUEST(2, 1, "host");

    final int firstOwnId;
    final int firstPeerId;
    final String peer;

    Role(int firstOwnId, int firstPeerId, String peer) {
        this.firstOwnId = firstOwnId;
        this.firstPeerId = firstPeerId;
        this.peer = peer;
    }

    boolean isOwn(long id) {
        return (id & 1) == (firstOwnId & 1);
    }
}
