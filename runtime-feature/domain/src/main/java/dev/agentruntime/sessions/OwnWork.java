package dev.agentruntime.sessions;

/** What the agent said last of work of its own. */
enum OwnWork { NONE, BUSY }
