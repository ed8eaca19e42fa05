package dev.agentruntime.egress;

/** Told of each connection when it is over. Does not block. */
@FunctionalInterface
interface Records {
    void add(ConnectionRecord connection);
}
