package dev.agentruntime.sessions;

/** What the agent said last of work of its own; unknown where nobody has asked it since the server has started. */
enum OwnWork { NONE, BUSY, UNKNOWN }
