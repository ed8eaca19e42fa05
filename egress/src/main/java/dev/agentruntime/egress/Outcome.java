package dev.agentruntime.egress;

/** What became of a connection, or of a request over one. */
enum Outcome {
    OK,
    /** Not allowed. */
    DENIED,
    /** A limit was reached. */
    LIMITED,
    /** The guest spoke no proper HTTP. */
    MALFORMED,
    /** No name, no connection or no TLS. */
    UNREACHABLE,
    /** The other side said nothing for too long. */
    TIMED_OUT,
    /** The other side broke off, or spoke no proper HTTP. */
    BROKEN,
    /** The guest left, or its session ended. */
    ABORTED
}
